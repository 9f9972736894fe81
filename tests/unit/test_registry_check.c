#include "registry_check_help.h"

START_TEST(a_good_registry_has_no_problem)
{
    check(base, calendar);
    for (size_t i = 0; i < co_problems_count(problems); i++)
        printf("%s: %s\n", co_problems_at(problems, i)->path, co_problems_at(problems, i)->message);
    ck_assert_uint_eq(co_problems_count(problems), 0);
    done();
}
END_TEST

static const struct {
    const char *from; /* replaced in the base */
    const char *to;
    const char *where;   /* kind, key, path */
    const char *message; /* its beginning */
} cases[] = {
    { "bank: {name: Bank}", "Bank: {name: Bank}", "customer Bank key", "\"Bank\" is no key" },
    { "{name: Bank}", "{}", "customer bank name", "is needed in at least one" },
    { "customer: bank, name: Site", "customer: bonk, name: Site", "site bank-1 customer",
      "no customer \"bonk\"; did you mean \"bank\"?" },
    { "contact: p,", "contact: p, calendar: cel,", "site bank-1 calendar", "no calendar" },
    { "contact: p", "contact: nobody", "site bank-1 contact", "no person \"nobody\"" },
    { "contact: p, position: {lat: 39.9,", "contact: p, position: {lat: 99,",
      "site bank-1 position.lat", "99 is out of range" },
    { "contact: p,", "contact: p, distances: {paris: 3},", "site bank-1 distances[0].office",
      "no office \"paris\"" },
    { "contact: p,", "contact: p, distances: {beijing: -1},", "site bank-1 distances[0].km",
      "-1 is out of range" },
    { "name: P, email", "name: P, language: fr, email", "person p language",
      "\"fr\" is not known" },
    { "email: p@example.com", "email: 'p @example.com'", "person p email",
      "\"p @example.com\" is" },
    { "{name: Q}", "{name: Q, webhook: 'ftp://x'}", "person q webhook", "\"ftp://x\" is no" },
    { "{name: Beijing, position: {lat: 39.9, lon: 116.4}}", "{name: Beijing}",
      "office beijing position", "is needed" },
    { "{name: Beijing,", "{name: Beijing, road_factor: 0.5,", "office beijing road_factor",
      "0.5 is out of range" },
    { "skill: 2", "skill: 4", "engineer p skill", "4 is out of range" },
    { "  p: {office: beijing", "  q: {office: beijing", "engineer q key", "nothing says how" },
    { "  p: {office: beijing", "  z: {office: beijing", "engineer z key", "no person of the same" },
    { "products: [disk]}\n", "products: [disc]}\n", "engineer p products[0]",
      "no product \"disc\"" },
    { "policy: pack", "policy: pick", "contract c policy", "no policy \"pick\"; did you mean" },
    { "calendar: cal", "calendar: cel", "contract c calendar", "no calendar" },
    { "calendar: cal", "calendar: cal, service_level: 10", "contract c service_level",
      "10 is out of range" },
    { "until: 2027", "until: 2025", "contract c until", "the service period ends before" },
    { "products: [disk], holders: {pm: p}", "holders: {pm: z}", "contract c holders[0].person",
      "no person \"z\"" },
    { "kind: smtp", "kind: none", "channel mail kind", "is needed" },
    { "smtp://h:25", "http://h", "channel mail url", "\"http://h\" is no address" },
    { "smtp://h:25", "smtp://u:p@h:25", "channel mail url",
      "an address with a login is not taken" },
    { "{name: Q}", "{name: Q, webhook: 'http://u:p@h/'}", "person q webhook",
      "an address with a login is not taken" },
    { "email: p@example.com", "email: p@例子.example", "person p email",
      "\"p@例子.example\" is no mail address" },
    { "from: a@example.com", "secret_file: ../x, from: a@b", "channel mail secret_file",
      "\"../x\" is no such" },
    { "kind: smtp, url: 'smtp://h:25'", "kind: dingtalk, url: 'https://h/send?access_token=t'",
      "channel mail url", "has a query" },
    { "kind: smtp, url: 'smtp://h:25'", "kind: feishu, url: 'https://h/hook'",
      "channel mail secret_file", "is needed" },
    { "kind: smtp, url: 'smtp://h:25'", "kind: alertmanager, url: ''", "channel mail url", "" },
    { "kind: smtp, url: 'smtp://h:25'", "kind: sms, url: 'https://h', body: '{\"a\": \"{fone}\"}'",
      "channel mail body", "cannot be filled in" },
    { "from: a@example.com", "from: a@example.com, template_id: x", "channel mail template_id",
      "belongs to text messages" },
    { "rq:rM", "rq rM", "client x public_key", "is no public key" },
    { "roles: [submit]", "roles: [submitt]", "client x roles[0]",
      "\"submitt\" is not known; did you mean \"submit\"?" },
    { "default_severity: 2", "default_severity: 3", "policy pack default_severity", "3 is out" },
    { "level: 2, name", "level: 3, name", "policy pack severities[1].level", "level 3 stands" },
    { "traits: {slow: Slow}", "traits: {lost: Slow}", "policy pack severities[1].traits[0].key",
      "\"lost\" stands before" },
    { "traits: {slow: Slow}", "traits: {9x: Slow}", "policy pack severities[1].traits[0].key",
      "\"9x\" is no name" },
    { "start: [entitled]", "start: [none]", "policy pack milestones[0].start[0]", "is needed" },
    { "      start: [entitled]\n", "", "policy pack milestones[0].start", "nothing starts" },
    { "      stop: [contacted]\n", "", "policy pack milestones[0].stop", "nothing ends" },
    { "start: [entitled]", "start: [accept]", "policy pack milestones[0].start[0]", "is an act" },
    { "stop: [contacted]", "stop: [contacted, note]", "policy pack milestones[0].stop[1]",
      "is an act" },
    { "{kind: raise}", "{kind: act, act: sign}", "policy pack milestones[0].on_breach[0].act",
      "cannot happen" },
    { "{kind: raise}", "{kind: act, act: condition_set}",
      "policy pack milestones[0].on_breach[0].act", "cannot happen" },
    { "start: [entitled]", "start_conditions: [outage]",
      "policy pack milestones[0].start_conditions[0]", "\"outage\" is not known" },
    { "stop: [contacted]", "stop: [contacted]\n      start_unless_cancelled: [contacted]",
      "policy pack milestones[0].start_unless_cancelled", "nothing cancels" },
    { "stop: [contacted]", "stop: [contacted]\n      pause: [waiting_customer]",
      "policy pack milestones[0].resume", "what stands must" },
    { "stop: [contacted]", "stop: [contacted]\n      cutoff_minute: 1441",
      "policy pack milestones[0].cutoff_minute", "1441 is out of range" },
    { "stop: [contacted]", "stop: [contacted]\n      cutoff_minute: 960",
      "policy pack milestones[0].cutoff_minute", "nothing here counts" },
    { "stop: [contacted]", "stop: [contacted]\n      from_next_day: true",
      "policy pack milestones[0].from_next_day", "nothing here counts" },
    { "{1: 30m, 2: 1h}", "{1: working 1h}\n      same_day: true",
      "policy pack milestones[0].same_day", "no running time" },
    { "stop: [contacted]",
      "stop: [contacted]\n      same_day: true\n      pause: [waiting_customer]\n      resume: "
      "[customer_answered]",
      "policy pack milestones[0].same_day", "a clock that stands" },
    { "stop: [contacted]", "stop: [contacted]\n      suspend: [hardware_fault]",
      "policy pack milestones[0].restart", "\"suspend\" and" },
    { "stop: [contacted]", "stop: [contacted]\n      restart: [hardware_ready]",
      "policy pack milestones[0].suspend", "\"suspend\" and" },
    { "targets: {1: zone journey, 2: zone journey}",
      "pause: [waiting_customer]\n      resume: [customer_answered]\n      targets: {1: agreed}",
      "policy pack milestones[1].pause", "an agreed time, or a date, does not stand still" },
    { "{1: 30m, 2: 1h}", "{1: 30m, 3: 1h}", "policy pack milestones[0].targets[1].severity",
      "3 is out of range" },
    { "{1: 30m, 2: 1h}", "{1: 0s}", "policy pack milestones[0].targets[0].amount", "is no length" },
    { "{1: 30m, 2: 1h}", "{1: 400 days}", "policy pack milestones[0].targets[0].amount",
      "400 is out" },
    { "2: zone journey", "2: zone jurney", "policy pack milestones[1].targets[1].table",
      "\"jurney\" is not known; did you mean" },
    { "targets: {1: agreed, 2: none}", "targets: {1: agreed}",
      "policy pack milestones[1].targets[1].table", "ring \"far\" of \"journey\" says nothing" },
    { "[50%, 80%]", "[80%, 50%]", "policy pack milestones[0].warnings[1]", "is reached before" },
    { "[50%, 80%]", "[100%]", "policy pack milestones[0].warnings[0].percent", "100 is out" },
    { "{kind: raise}", "{kind: act}", "policy pack milestones[0].on_breach[0].act", "is needed" },
    { "{kind: raise}", "{kind: raise, what: x}", "policy pack milestones[0].on_breach[0].what",
      "belongs to another" },
    { "{kind: raise}", "{kind: raise_to, level: 7}", "policy pack milestones[0].on_breach[0].level",
      "7 is out" },
    { "{kind: raise}", "{kind: raise, severities: [0]}",
      "policy pack milestones[0].on_breach[0].severities[0]", "0 is out" },
    { "{kind: raise}", "{kind: raise, unless_condition: x}",
      "policy pack milestones[0].on_breach[0].unless_condition[0]", "\"x\" is not known" },
    { "title: Response\n", "title: Response\n      is_arrival: true\n",
      "policy pack milestones[1].is_arrival", "another one" },
    { "name: arrival", "name: response", "policy pack milestones[1].name", "\"response\" stands" },
    { "name: far,", "name: far, upto_km: 30,", "policy pack zones[0].rings[1].upto_km",
      "the last ring has no end" },
    { "upto_km: 40, ", "", "policy pack zones[0].rings[0].upto_km", "only the last ring" },
    { "{1: 2h, 2: 3h}", "{1: 2h, 2: zone journey}", "policy pack zones[0].rings[0].targets[1].kind",
      "a ring cannot" },
    { "{name: journey, rings", "{name: journey, edge_percent: 51, rings",
      "policy pack zones[0].edge_percent", "51 is out of range" },
    { "{name: journey, rings", "{name: journey, regions: [{region: a}, {region: a}], rings",
      "policy pack zones[0].regions[1].region", "\"a\" stands before" },
    { "{name: journey, rings", "{name: journey, regions: [{name: A}], rings",
      "policy pack zones[0].regions[0].region", "is needed" },
    { "{name: journey, rings", "{name: journey, regions: [{region: a, targets: {9: 1h}}], rings",
      "policy pack zones[0].regions[0].targets[0].severity", "9" },
    { "{name: journey, rings",
      "{name: journey, regions: [{region: a, targets: {1: zone journey}}], rings",
      "policy pack zones[0].regions[0].targets[0].kind", "a ring cannot" },
    { "conditions: [workaround], title: Way", "title: Way", "policy pack bars[0].conditions",
      "at least one" },
    { "{name: near, upto_km", "{upto_km", "policy pack zones[0].rings[0].name", "is needed" },
    { "  waivers: [customer, director]", "  waivers: [none]", "policy pack waivers[0]",
      "is needed" },
    { "on: breached, ", "", "policy pack notices[0].on", "is needed" },
    { "{kind: raise}", "{}", "policy pack milestones[0].on_breach[0].kind", "is needed" },
    { "conditions: {workaround: A way round}", "conditions: {}",
      "policy pack bars[0].conditions[0]", "\"workaround\" is not known" },
    { "from: 2, to: 1", "from: 2, to: 2", "policy pack bars[0].to", "2 is not worse than 2" },
    { "conditions: [workaround]", "conditions: [workround]", "policy pack bars[0].conditions[0]",
      "\"workround\" is not known; did you mean \"workaround\"?" },
    { "{number}", "{nummber}", "policy pack notices[0].subject.en",
      "\"nummber\" is not known; did you mean \"number\"?" },
    { "{number}", "{accept_by}", "policy pack notices[0].subject.en",
      "{accept_by} is never known with \"on: breached\"" },
    { "body: 'B'", "body: {zh: '{km}{by}', en: B}", "policy pack notices[0].body.zh",
      "{by} is never known with \"on: breached\"" },
    { "{number}", "{number", "policy pack notices[0].subject.en", "a brace stands alone" },
    { "{number}", "number}", "policy pack notices[0].subject.en", "a brace stands alone" },
    { "milestone: response, ", "milestone: respond, ", "policy pack notices[0].milestone",
      "\"respond\" is not known" },
    { "roles: [pm], ", "", "policy pack notices[0].roles", "at least one" },
    { "  waivers: [customer, director]", "  held_traits: {slow: Slow}",
      "policy pack held_traits[0].key", "\"slow\" is a trait of a level" },
    { "  waivers: [customer, director]", "  held_traits: {workaround: W}",
      "policy pack held_traits[0].key", "\"workaround\" is a condition" },
    { "  waivers: [customer, director]", "  held_traits: [{key: by_people}]",
      "policy pack held_traits[0].title", "is needed in at least one language" },
    { "  waivers: [customer, director]", "  held_traits: [{key: a, title: A}, {key: a, title: A}]",
      "policy pack held_traits[1].key", "stands before" },
    /* guards, agreements, calendars of milestones */
    { "stop: [contacted]", "stop: [contacted]\n      only_conditions: [inside]",
      "policy pack milestones[0].only_conditions[0]", "\"inside\" is not known" },
    { "stop: [contacted]", "stop: [contacted]\n      unless_conditions: [workround]",
      "policy pack milestones[0].unless_conditions[0]",
      "\"workround\" is not known; did you mean \"workaround\"?" },
    { "stop: [contacted]", "stop: [contacted]\n      pause_conditions: [inside]",
      "policy pack milestones[0].pause_conditions[0]", "\"inside\" is not known" },
    { "stop: [contacted]",
      "stop: [contacted]\n      only_conditions: [workaround]\n      unless_conditions: "
      "[workaround]",
      "policy pack milestones[0].unless_conditions[0]",
      "\"workaround\" would have to hold and not to hold" },
    { "stop: [contacted]",
      "stop: [contacted]\n      same_day: true\n      pause_conditions: [workaround]",
      "policy pack milestones[0].same_day", "a clock that stands" },
    { "stop: [contacted]", "stop: [contacted]\n      agree: [agree]",
      "policy pack milestones[0].agree", "nothing here is to be agreed" },
    { "stop: [arrived]", "stop: [arrived]\n      agree: [agree, hardware_ready]",
      "policy pack milestones[1].agree[1]", "is an act that brings no time" },
    { "stop: [contacted]", "stop: [contacted]\n      calendar: col",
      "policy pack milestones[0].calendar", "no calendar \"col\"; did you mean \"cal\"?" },
    { "start: [entitled]", "start: [excluded]", "policy pack milestones[0].start[0]",
      "is an act that no clock sees" },
    /* actions */
    { "{kind: raise}", "{kind: tell, what: hurry}", "policy pack milestones[0].on_breach[0].roles",
      "at least one is needed" },
    { "{kind: raise}", "{kind: tell, roles: [pm]}", "policy pack milestones[0].on_breach[0].what",
      "\"\" is no name" },
    { "{kind: raise}", "{kind: tell, what: hurry, roles: [pm]}",
      "policy pack milestones[0].on_breach[0].roles",
      "no notice tells \"pm\" of \"hurry\" at level 1" },
    { "{kind: raise}", "{kind: tell, what: hurry, roles: [none]}",
      "policy pack milestones[0].on_breach[0].roles[0]", "is needed" },
    { "{kind: raise}", "{kind: raise, roles: [pm]}", "policy pack milestones[0].on_breach[0].roles",
      "belongs to another" },
    { "{kind: raise}", "{kind: start}", "policy pack milestones[0].on_breach[0].milestone",
      "\"\" is not known" },
    { "{kind: raise}", "{kind: start, milestone: arival}",
      "policy pack milestones[0].on_breach[0].milestone",
      "\"arival\" is not known; did you mean \"arrival\"?" },
    { "{kind: raise}", "{kind: start, milestone: response}",
      "policy pack milestones[0].on_breach[0].milestone", "this one runs already" },
    { "{kind: raise}", "{kind: raise, milestone: arrival}",
      "policy pack milestones[0].on_breach[0].milestone", "belongs to another" },
    { "[50%, 80%]", "[50%, {at: 80%, actions: [{kind: act}]}]",
      "policy pack milestones[0].warnings[1].actions[0].act", "is needed" },
    { "[50%, 80%]", "[{at: 50%, actions: [{kind: tell, what: hurry, roles: [vendor]}]}]",
      "policy pack milestones[0].warnings[0].actions[0].roles",
      "no notice tells \"vendor\" of \"hurry\"" },
    /* ladders */
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m}]",
      "policy pack milestones[0].ladder[0].roles", "at least one is needed" },
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m, roles: [pm]}, {after: 5m, roles: [desk]}]",
      "policy pack milestones[0].ladder[1].after", "the steps do not rise" },
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 400d, roles: [pm]}]",
      "policy pack milestones[0].ladder[0].after", "is no length of time" },
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m, roles: [director]}]",
      "policy pack milestones[0].ladder[0].roles",
      "no notice tells \"director\" of an escalation at level 1" },
    { "[50%, 80%]", "[50%]\n      ladder_repeat: 5m", "policy pack milestones[0].ladder_repeat",
      "there is no step to repeat" },
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m, roles: [pm]}]\n      ladder_repeat: 5s",
      "policy pack milestones[0].ladder_repeat", "is no pace" },
    { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m, roles: [pm]}]\n      ladder_times: 5",
      "policy pack milestones[0].ladder_times", "nothing is repeated" },
    { "[50%, 80%]",
      "[50%]\n      ladder: [{after: 5m, roles: [pm]}]\n      ladder_repeat: 5m\n      "
      "ladder_times: 101",
      "policy pack milestones[0].ladder_times", "101 is out of range" },
    { "on: breached, milestone: response", "on: escalated", "policy pack notices[0].on",
      "nothing has a ladder" },
    { "on: breached,", "on: escalated,", "policy pack notices[0].on",
      "nothing of this name has a ladder" },
    { "on: breached,", "on: breached, what: hurry,", "policy pack notices[0].what",
      "belongs to notices of actions" },
    { "on: breached, milestone: response", "on: act, act: called_back, what: happy",
      "policy pack notices[0].what", "a call is never \"happy\"" },
    { "on: breached, milestone: response", "on: promised, what: hurry",
      "policy pack notices[0].what", "a promise is no \"hurry\"" },
    { "on: breached, milestone: response", "on: nobody_left, what: hurry",
      "policy pack notices[0].what", "\"hurry\" is never what is missing" },
    /* what goes up where nobody answers, and reminders */
    { "on: breached,", "on: breached, unanswered: [{after: 5m, roles: [desk]}],",
      "policy pack notices[0].unanswered", "nobody is asked to acknowledge it" },
    { "on: breached,",
      "on: breached, answers: [acknowledged], unanswered: [{after: 5m, roles: [desk]}, "
      "{after: 5m, roles: [pm]}],",
      "policy pack notices[0].unanswered[1].after", "the steps do not rise" },
    { "on: breached,", "on: breached, answers: [acknowledged], unanswered: [{after: 5m}],",
      "policy pack notices[0].unanswered[0].roles", "at least one" },
    { "on: breached, milestone: response",
      "on: offered, answers: [acknowledged], unanswered: [{after: 5m, roles: [desk]}]",
      "policy pack notices[0].unanswered", "is not for offers" },
    { "on: breached, milestone: response", "on: unanswered", "policy pack notices[0].on",
      "no notice has to be answered in time" },
    { "on: breached, milestone: response", "on: reminded", "policy pack notices[0].on",
      "nobody is reminded of anything" },
    { "on: breached,", "on: reminded,", "policy pack notices[0].milestone",
      "an acknowledgement is of the case" },
    { "default_severity: 2\n", "default_severity: 2\n  reminders: [{after: 9000h}]\n",
      "policy pack reminders[0].after", "is no length of time after the acknowledgement" },
    { "on: breached,", "on: told, what: hurry,", "policy pack notices[0].what",
      "no action of this milestone speaks of \"hurry\"" },
    /* what is left to the contract */
    { "{1: 2h, 2: 3h}", "{1: 2h, 2: contract}",
      "policy pack zones[0].rings[0].targets[1].from_contract", "a ring cannot be left" },
    { "holders: {pm: p}", "targets: {response: {1: 20m}}", "contract c targets[0].target.severity",
      "\"pack\" does not leave level 1 of \"response\" to the contract" },
    { "holders: {pm: p}", "targets: {respond: {1: 20m}}", "contract c targets[0].milestone",
      "\"respond\" is not known: \"pack\" leaves nothing" },
    { "holders: {pm: p}", "targets: {response: {3: 20m}}", "contract c targets[0].target.severity",
      "3 is out of range" },
    { "holders: {pm: p}", "targets: {response: {1: contract else 5m}}",
      "contract c targets[0].target.from_contract", "the contract cannot leave it" },
    { "holders: {pm: p}", "targets: [{milestone: response}]", "contract c targets[0].target",
      "is needed" },
    { "holders: {pm: p}",
      "targets: [{milestone: response, target: {severity: 1, kind: agreed}},\n"
      "                {milestone: response, target: {severity: 1, kind: agreed}}]",
      "contract c targets[1].target.severity", "stands before" },
    /* sites, exclusions, causes */
    { "contact: p,", "contact: p, conditions: [workround],", "site bank-1 conditions[0]",
      "\"workround\" is not known; did you mean \"workaround\"?" },
    { "contact: p,", "contact: p, regions: [north, north],", "site bank-1 regions[1]",
      "\"north\" stands before" },
    { "contact: p,", "contact: p, regions: [''],", "site bank-1 regions[0]", "is empty" },
    { "customers:\n",
      "exclusions:\n  e: {title: E, cause: flood, from: 2026-01-01T00:00:00Z}\ncustomers:\n",
      "exclusion e cause", "no policy pack has excluded causes" },
    { "default_severity: 2\n", "default_severity: 2\n  excluded: {9: X}\n",
      "policy pack excluded[0].key", "\"9\" is no name" },
    { "offer_min: 2m", "offer_min: 20m", "policy pack dispatch.offer_min", "is no shortest" },
    { "speed_kmh: 60", "speed_kmh: 0", "policy pack dispatch.speed_kmh", "0 is out" },
    { "min_skill: [2]", "min_skill: [2, 2, 2]", "policy pack dispatch.min_skill",
      "there are more" },
    { "min_skill: [2]", "min_skill: [5]", "policy pack dispatch.min_skill", "5 is out" },
};

/* The base with the first `from` exchanged for `to`. */
START_TEST(each_mistake_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(changed(cases[i].from, cases[i].to), calendar);
        bool is_told = has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "%s: %s", cases[i].where, cases[i].message);
        for (size_t k = 0; k < co_problems_count(problems); k++) {
            const struct co_problem *p = co_problems_at(problems, k);
            ck_assert_msg(p->kind != CO_KIND_POLICY || p->allowed[0] != '\0',
                          "%s: nothing says what is allowed", p->path);
        }
        done();
    }
}
END_TEST

START_TEST(a_milestone_of_days_or_zones_may_be_paused)
{
    static const char *const targets[] = { "{1: working day 2, 2: 5 working days}",
                                           "{1: 2 days, 2: next business day}",
                                           "{1: zone journey, 2: agreed}" };
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        char to[256];
        snprintf(to, sizeof(to),
                 "pause: [waiting_customer]\n      resume: [customer_answered]\n"
                 "      targets: %s",
                 targets[i]);
        check(changed("targets: {1: zone journey, 2: zone journey}", to), calendar);
        say_all();
        ck_assert_uint_eq(co_problems_count(problems), 0);
        done();
    }
}
END_TEST

/* Two changes of the base. */
START_TEST(what_a_contract_site_or_exclusion_says_is_fine_where_a_pack_knows_it)
{
    static const struct {
        const char *from, *to, *from2, *to2;
    } fine[] = {
        { "{1: 30m, 2: 1h}", "{1: contract, 2: contract else 1h}", "holders: {pm: p}",
          "targets: {response: {1: 20m, 2: next business day}}" },
        { "contact: p,", "contact: p, conditions: [workaround], regions: [north],",
          "default_severity: 2\n", "default_severity: 2\n  excluded: {flood: Flood}\n" },
        { "customers:\n",
          "exclusions:\n  e: {title: E, cause: flood, from: 2026-01-01T00:00:00Z}\ncustomers:\n",
          "default_severity: 2\n", "default_severity: 2\n  excluded: {flood: Flood}\n" },
        { "{kind: raise}", "{kind: tell, what: hurry, roles: [pm]}", "notices: [",
          "notices: [{on: told, what: hurry, roles: [pm, desk], subject: S, body: B}, " },
        { "[50%, 80%]", "[50%]\n      ladder: [{after: 5m, roles: [pm]}]\n      ladder_repeat: 5m",
          "notices: [", "notices: [{on: escalated, roles: [pm], subject: S, body: B}, " },
        { "stop: [arrived]",
          "stop: [arrived]\n      agree: [hardware_expected]\n      calendar: cal",
          "start: [entitled]", "start: [entitled]\n      calendar: contract" },
    };
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        check_with(fine[i].from, fine[i].to, fine[i].from2, fine[i].to2);
        say_all();
        ck_assert_uint_eq(co_problems_count(problems), 0);
        done();
    }
}
END_TEST

static const struct {
    const char *from, *to, *from2, *to2;
    const char *where;
    const char *message;
} pairs[] = {
    { "customers:\n",
      "exclusions:\n  e: {title: E, cause: flod, from: 2026-01-01T00:00:00Z}\ncustomers:\n",
      "default_severity: 2\n", "default_severity: 2\n  excluded: {flood: Flood}\n",
      "exclusion e cause", "\"flod\" is not known; did you mean \"flood\"?" },
    { "contact: p,", "contact: p, conditions: [workaround],", "sites: [bank-1], ", "", NULL, NULL },
    { "contact: p,", "contact: p, conditions: [workaround],", "customer: bank, name: C",
      "customer: other, name: C", "site bank-1 conditions[0]",
      "\"workaround\" is not known: no contract for this site" },
    { "{1: 30m, 2: 1h}", "{1: contract, 2: 1h}", "holders: {pm: p}", "targets: {respond: {1: 20m}}",
      "contract c targets[0].milestone", "\"respond\" is not known; did you mean \"response\"?" },
    { "{1: 30m, 2: 1h}", "{1: contract, 2: 1h}", "holders: {pm: p}", "targets: {response: {1: 0s}}",
      "contract c targets[0].target.amount", "is no length" },
    { "{1: 30m, 2: 1h}", "{1: contract, 2: 1h}", "holders: {pm: p}",
      "targets: {response: {1: zone jurney}}", "contract c targets[0].target.table",
      "\"jurney\" is not known; did you mean \"journey\"?" },
    { "{kind: raise}", "{kind: tell, what: hurry, roles: [pm]}", "notices: [",
      "notices: [{on: told, what: hurry, severities: [1], roles: [pm], subject: S, body: B}, ",
      "policy pack milestones[0].on_breach[0].roles",
      "no notice tells \"pm\" of \"hurry\" at level 2" },
};

START_TEST(mistakes_between_objects_are_told_with_their_place)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        check_with(pairs[i].from, pairs[i].to, pairs[i].from2, pairs[i].to2);
        bool is_told = pairs[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(pairs[i].where, pairs[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

START_TEST(mistakes_of_calendars_are_told)
{
    static const struct {
        const char *text;
        const char *message;
    } wrong[] = {
        { "calendar: cal\nzone: Z\nutc_offset: Z\nweek: {mon: [\"09:00-12:00\", "
          "\"11:00-13:00\"]}\n",
          "" },
        { "calendar: cal\nutc_offset: Z\nweek: {}\n", "is needed" },
        { "calendar: cal\nzone: Z\nutc_offset: Z\nweek: {mon: [\"09:00-18:00\"]}\n"
          "exceptions: [{date: 2026-01-02, hours: []}, {date: 2026-01-01, hours: []}]\n",
          "is not after" },
        { "calendar: cal\nzone: Z\nutc_offset: Z\nweek: {mon: [\"09:00-18:00\"]}\n"
          "weeks: [{from: 2027-01-01, week: {}}, {from: 2026-01-01, week: {}}]\n",
          "the week from 2026-01-01 on must begin after the one before" },
        { "calendar: cal\nzone: Z\nutc_offset: Z\nweek: {mon: [\"09:00-18:00\"]}\n"
          "transitions: [{at: '2026-03-29T01:00:00Z', offset: Z},\n"
          "              {at: '2025-03-29T01:00:00Z', offset: Z}]\n",
          "" },
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        check(base, wrong[i].text);
        ck_assert_uint_ge(co_problems_count(problems), 1);
        const struct co_problem *p = co_problems_at(problems, 0);
        ck_assert_int_eq(p->kind, CO_KIND_CALENDAR);
        ck_assert_msg(strncmp(p->message, wrong[i].message, strlen(wrong[i].message)) == 0, "%s",
                      p->message);
        done();
    }
}
END_TEST

START_TEST(a_registry_with_many_mistakes_is_checked_to_the_end)
{
    r = co_registry_new(20000);
    for (int i = 0; i < 10000; i++) {
        char key[32];
        Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
        Callout__V1__Engineer e = CALLOUT__V1__ENGINEER__INIT;
        snprintf(key, sizeof(key), "engineer-%05d", i);
        e.key = key;
        e.office = (char[]){ "nowhere" };
        o.object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ENGINEER;
        o.engineer = &e;
        ck_assert_int_eq(co_registry_put_message(r, &o, 1), CO_OK);
    }
    problems = co_registry_check(r);
    ck_assert_uint_eq(co_problems_count(problems), CO_PROBLEMS_MAX);
    co_problems_free(problems);
    co_registry_free(r);
}
END_TEST

CHECK_MAIN("registry_check", a_good_registry_has_no_problem, each_mistake_is_told_with_its_place,
           what_a_contract_site_or_exclusion_says_is_fine_where_a_pack_knows_it,
           mistakes_between_objects_are_told_with_their_place,
           a_milestone_of_days_or_zones_may_be_paused, mistakes_of_calendars_are_told,
           a_registry_with_many_mistakes_is_checked_to_the_end)
