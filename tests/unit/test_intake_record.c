#include "intake_record.h"

#include "callout/v1/event.pb-c.h"
#include "callout/v1/intake_text.pb-c.h"
#include "intake_help.h"
#include "intake_roles.h"

static struct co_registry *registry;
static struct intake_record record;
static struct intake_maker maker;

/* Enough of a hash for a test: every byte counts, by its place. */
static void fake_hash(const void *bytes, size_t len, uint8_t ret_hash[static INTAKE_HASH_BYTES])
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
    memset(ret_hash, 0, INTAKE_HASH_BYTES);
    memcpy(ret_hash, &h, sizeof(h));
}

static void put(Callout__V1__RegistryObject__ObjectCase kind, void *body)
{
    Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    o.object_case = kind;
    o.customer = body;
    ck_assert_int_eq(co_registry_put_message(registry, &o, 3), CO_OK);
}

static void set_up_registry(void)
{
    static char key[] = "beijing-bank", site[] = "beijing-hq";
    Callout__V1__Customer c = CALLOUT__V1__CUSTOMER__INIT;
    Callout__V1__Site s = CALLOUT__V1__SITE__INIT;
    set_up();
    registry = co_registry_new(100);
    c.key = key;
    s.key = site;
    s.customer = key;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER, &c);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE, &s);
    co_registry_set_version(registry, 3);
    maker = (struct intake_maker){ .arena = arena,
                                   .registry = registry,
                                   .source = "portal",
                                   .now_us = HELP_NOW_US,
                                   .id = co_number_id(9, 2),
                                   .hash = fake_hash };
}

static void tear_down_registry(void)
{
    co_registry_free(registry);
    tear_down();
}

static Callout__V1__Event *event(void)
{
    Callout__V1__Event *e = callout__v1__event__unpack(NULL, record.event.len, record.event.data);
    ck_assert_ptr_nonnull(e);
    return e;
}

static void make_ticket(void)
{
    ck_assert_int_eq(intake_record_ticket(&maker, &request, &record, &complaint), CO_OK);
}

static void make_command(void)
{
    ck_assert_int_eq(intake_record_command(&maker, &request, &record), CO_OK);
}

START_TEST(a_ticket_leaves_its_free_text_out_of_the_journal)
{
    static char description[] = "控制器 A 离线", phone[] = "+86 10 1234",
                customer[] = "beijing-bank";
    ticket.description = description;
    ticket.contact_phone = phone;
    ticket.customer = customer;
    make_ticket();
    ck_assert_ptr_null(
        memmem(record.event.data, record.event.len, description, strlen(description)));
    ck_assert_ptr_null(
        memmem(record.event.data, record.event.len, ticket.title, strlen(ticket.title)));
    Callout__V1__FreeText *text =
        callout__v1__free_text__unpack(NULL, record.text.len, record.text.data);
    ck_assert_str_eq(text->description, description);
    ck_assert_str_eq(text->contact_phone, phone);
    callout__v1__free_text__free_unpacked(text, NULL);
    Callout__V1__Event *e = event();
    ck_assert_int_eq(e->body_case, CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED);
    ck_assert_str_eq(e->ticket_submitted->source, "portal");
    ck_assert_str_eq(e->ticket_submitted->key, "a-17");
    ck_assert_int_eq(e->ticket_submitted->occurred_us, HELP_NOW_US);
    ck_assert_uint_eq(e->ticket_submitted->registry_version, 3);
    ck_assert_uint_eq(e->ticket_submitted->content_hash.len, INTAKE_HASH_BYTES);
    ck_assert_uint_eq(e->ticket_submitted->n_unknown, 0);
    callout__v1__event__free_unpacked(e, NULL);
}
END_TEST

static uint64_t hash_of_ticket(void)
{
    uint64_t h;
    make_ticket();
    memcpy(&h, record.hash, sizeof(h));
    return h;
}

START_TEST(the_content_is_the_same_whoever_packed_it_and_however_long_he_waits)
{
    static char source[] = "portal", other[] = "another title";
    ProtobufCMessageUnknownField unknown = { 2000, PROTOBUF_C_WIRE_TYPE_VARINT, 1,
                                             (uint8_t *)source };
    uint64_t h = hash_of_ticket();
    ticket.wait_ms = 5000;
    ticket.source = source;
    ticket.base.n_unknown_fields = 1;
    ticket.base.unknown_fields = &unknown;
    ck_assert_uint_eq(hash_of_ticket(), h);
    maker.id += 256;
    maker.now_us += 1000000;
    ck_assert_uint_eq(hash_of_ticket(), h);
    ticket.title = other;
    ck_assert_uint_ne(hash_of_ticket(), h);
}
END_TEST

START_TEST(nobody_posts_in_anothers_name)
{
    static char source[] = "monitoring";
    ticket.source = source;
    ck_assert_int_eq(intake_record_ticket(&maker, &request, &record, &complaint), CO_EINPUT);
    ck_assert_int_eq(complaint.code, CALLOUT__V1__CODE__CODE_FORBIDDEN);
    ck_assert_str_eq(complaint.field, "submit.source");
    ck_assert_str_eq(complaint.allowed[0], "portal");
}
END_TEST

START_TEST(unknown_references_are_held_with_the_nearest_names)
{
    static char customer[] = "beijing-bnak", site[] = "beijing-hq";
    ticket.customer = customer;
    ticket.site = site;
    make_ticket();
    ck_assert_uint_eq(record.unknown_count, 1);
    ck_assert_str_eq(record.unknown[0]->field, "customer");
    ck_assert_str_eq(record.unknown[0]->nearest[0], "beijing-bank");
    Callout__V1__Event *e = event();
    ck_assert_str_eq(e->ticket_submitted->unknown[0]->value, customer);
    callout__v1__event__free_unpacked(e, NULL);
}
END_TEST

START_TEST(a_strict_source_is_refused_instead)
{
    static char customer[] = "beijing-bnak";
    ticket.customer = customer;
    maker.is_strict = true;
    ck_assert_int_eq(intake_record_ticket(&maker, &request, &record, &complaint), CO_EINPUT);
    ck_assert_int_eq(complaint.code, CALLOUT__V1__CODE__CODE_REFUSED);
    ck_assert_str_eq(complaint.field, "submit.customer");
    ck_assert_str_eq(complaint.allowed[0], "beijing-bank");
}
END_TEST

/* One place in Beijing in each datum: published pairs, as in test_co_geo. */
START_TEST(a_chinese_position_is_moved_to_wgs84_to_within_a_metre)
{
    static const struct {
        Callout__V1__Datum datum;
        double lat, lon;
    } same[] = {
        { CALLOUT__V1__DATUM__DATUM_WGS84, 39.913596801757805, 116.39775549316407 },
        { CALLOUT__V1__DATUM__DATUM_GCJ02, 39.915, 116.404 },
        { CALLOUT__V1__DATUM__DATUM_BD09, 39.92133699351021, 116.41036949371029 },
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        Callout__V1__Position p = CALLOUT__V1__POSITION__INIT;
        p.latitude = same[i].lat;
        p.longitude = same[i].lon;
        p.datum = same[i].datum;
        ticket.position = &p;
        make_ticket();
        Callout__V1__Event *e = event();
        const Callout__V1__Position *at = e->ticket_submitted->position;
        ck_assert_int_eq(at->datum, CALLOUT__V1__DATUM__DATUM_WGS84);
        ck_assert_double_eq_tol(at->latitude, same[0].lat, 0.000005); /* half a metre */
        ck_assert_double_eq_tol(at->longitude, same[0].lon, 0.000005);
        callout__v1__event__free_unpacked(e, NULL);
    }
}
END_TEST

START_TEST(the_worst_stated_severity_goes_first_and_commands_before_all)
{
    make_ticket();
    unsigned unstated = record.rank;
    ticket.stated_severity = 1;
    make_ticket();
    unsigned worst = record.rank;
    ticket.stated_severity = 4;
    make_ticket();
    ck_assert_uint_lt(worst, record.rank);
    ck_assert_uint_lt(record.rank, unstated);
    use_command(CALLOUT__V1__ACT__ACT_ARRIVED);
    make_command();
    ck_assert_uint_lt(record.rank, worst);
}
END_TEST

START_TEST(a_command_is_journaled_with_its_id_and_without_its_note)
{
    static char note[] = "called the duty engineer";
    use_command(CALLOUT__V1__ACT__ACT_CONTACTED);
    make_command();
    ck_assert_uint_eq(record.text.len, 0);
    command.note = note;
    command.occurred_us = HELP_NOW_US - 5;
    make_command();
    ck_assert_int_eq(record.case_id, 1280);
    ck_assert_int_eq(record.id, co_number_id(9, 2));
    ck_assert_ptr_null(record.title);
    ck_assert_ptr_null(memmem(record.event.data, record.event.len, note, strlen(note)));
    Callout__V1__Event *e = event();
    ck_assert_uint_eq(e->command_received->command_id, (uint64_t)record.id);
    ck_assert(e->command_received->has_note);
    ck_assert_int_eq(e->command_received->occurred_us, HELP_NOW_US - 5);
    callout__v1__event__free_unpacked(e, NULL);
}
END_TEST

START_TEST(a_number_written_another_way_is_the_same_command)
{
    static char number[] = " c 180d";
    uint8_t first[INTAKE_HASH_BYTES];
    use_command(CALLOUT__V1__ACT__ACT_ARRIVED);
    make_command();
    memcpy(first, record.hash, sizeof(first));
    command.number = number;
    command.wait_ms = 7;
    make_command();
    ck_assert_mem_eq(first, record.hash, sizeof(first));
    command.severity = 1;
    make_command();
    ck_assert_mem_ne(first, record.hash, sizeof(first));
}
END_TEST

START_TEST(a_demand_to_send_a_notice_again_is_an_entry_of_its_own)
{
    static char obligation[] = "opened", slot[] = "pm/0", channel[] = "mail";
    Callout__V1__NoticeName name = CALLOUT__V1__NOTICE_NAME__INIT;
    name.obligation = obligation;
    name.slot = slot;
    use_command(CALLOUT__V1__ACT__ACT_RESEND_NOTICE);
    command.notice = &name;
    command.name = channel;
    ck_assert_int_eq(intake_record_command(&maker, &request, &record), CO_OK);
    ck_assert_int_eq(record.entry_kind, CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED);
    Callout__V1__Event *e = callout__v1__event__unpack(NULL, record.event.len, record.event.data);
    ck_assert_str_eq(e->notice_resend_asked->notice->slot, "pm/0");
    ck_assert_str_eq(e->notice_resend_asked->channel, "mail");
    ck_assert_str_eq(e->notice_resend_asked->source, maker.source);
    callout__v1__event__free_unpacked(e, NULL);
}
END_TEST

START_TEST(an_arena_at_its_cap_is_no_memory)
{
    struct co_arena *small = co_arena_new(4096);
    ticket.description = characters(16000);
    maker.arena = small;
    ck_assert_int_eq(intake_record_ticket(&maker, &request, &record, &complaint), CO_ENOMEM);
    co_arena_free(small);
}
END_TEST

START_TEST(each_request_needs_its_role)
{
    static char submit[] = "submit", operate[] = "operate", other[] = "root";
    char *names[] = { submit, other, operate };
    ck_assert_uint_eq(intake_roles_of(names, 3), INTAKE_SUBMIT | INTAKE_OPERATE);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_SUBMIT);
    use_command(CALLOUT__V1__ACT__ACT_ARRIVED);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_COMMAND);
    use_command(CALLOUT__V1__ACT__ACT_RESEND_NOTICE);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_OPERATE);
    use_query(CALLOUT__V1__WHAT__WHAT_NOTICES);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_QUERY | INTAKE_OPERATE);
    use_query(CALLOUT__V1__WHAT__WHAT_NOTICE);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_OPERATE);
    use_query(CALLOUT__V1__WHAT__WHAT_CASE);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_QUERY);
    use_query(CALLOUT__V1__WHAT__WHAT_REGISTRY);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_QUERY | INTAKE_APPLY);
    use_query(CALLOUT__V1__WHAT__WHAT_OBJECT);
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_QUERY | INTAKE_APPLY);
    request.body_case = CALLOUT__V1__REQUEST__BODY_APPLY;
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_APPLY);
    request.body_case = CALLOUT__V1__REQUEST__BODY_PARKED;
    ck_assert_uint_eq(intake_roles_needed(&request), INTAKE_OPERATE);
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    ck_assert_uint_eq(intake_roles_needed(&request), 0);
}
END_TEST

CHECK_MAIN_WITH("intake_record", set_up_registry, tear_down_registry,
                a_ticket_leaves_its_free_text_out_of_the_journal,
                the_content_is_the_same_whoever_packed_it_and_however_long_he_waits,
                nobody_posts_in_anothers_name, unknown_references_are_held_with_the_nearest_names,
                a_strict_source_is_refused_instead,
                a_chinese_position_is_moved_to_wgs84_to_within_a_metre,
                the_worst_stated_severity_goes_first_and_commands_before_all,
                a_command_is_journaled_with_its_id_and_without_its_note,
                a_number_written_another_way_is_the_same_command,
                a_demand_to_send_a_notice_again_is_an_entry_of_its_own,
                an_arena_at_its_cap_is_no_memory, each_request_needs_its_role)
