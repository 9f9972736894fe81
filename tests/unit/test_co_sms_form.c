/* What is posted to an SMS gateway. */
#include "check_main.h"

#include <stdlib.h>
#include <string.h>

#include "co_sms_form.h"

static const struct co_sms_fields fields = { "+8613800000000", "SMS_1", "C-180D",
                                             "say \"hi\"",     "a\nb",  "key-1" };

static void gives(const char *form, const char *expected)
{
    json_t *filled = co_sms_form_fill(form, &fields);
    char *text = filled == NULL ? NULL : json_dumps(filled, JSON_COMPACT | JSON_SORT_KEYS);
    if (expected == NULL)
        ck_assert_ptr_null(text);
    else
        ck_assert_str_eq(text, expected);
    free(text);
    json_decref(filled);
}

START_TEST(fields_are_filled_in_and_escaped_wherever_a_text_stands)
{
    gives("{\"to\": [\"{phone}\"], \"p\": {\"t\": \"{template}: {subject}\", \"n\": 5}, \"x\": "
          "\"{text}\"}",
          "{\"p\":{\"n\":5,\"t\":\"SMS_1: say "
          "\\\"hi\\\"\"},\"to\":[\"+8613800000000\"],\"x\":\"a\\nb\"}");
    gives(co_sms_form_usual,
          "{\"key\":\"key-1\",\"params\":{\"number\":\"C-180D\",\"subject\":\"say \\\"hi\\\"\"},"
          "\"phone\":\"+8613800000000\",\"template\":\"SMS_1\"}");
}
END_TEST

START_TEST(a_form_that_cannot_be_filled_is_none)
{
    gives("", NULL);
    gives("[]", NULL);
    gives("\"{phone}\"", NULL);
    gives("{\"a\": \"{nobody}\"}", NULL);
    gives("{\"a\": \"{phone\"}", NULL);
    gives("{\"a\": [{\"b\": \"{\"}]}", NULL);
    gives("{\"a\": 1, \"a\": 2}", NULL);
}
END_TEST

CHECK_MAIN("co_sms_form", fields_are_filled_in_and_escaped_wherever_a_text_stands,
           a_form_that_cannot_be_filled_is_none)
