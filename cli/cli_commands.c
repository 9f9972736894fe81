#include "cli.h"

const struct cli_command cli_commands[] = {
    { "submit", "", "report a fault; prints the number of the case",
      "  callout submit --customer acme --site acme-dc1 --title 'array down' --trait data_damaged "
      "--wait 2s\n",
      cmd_submit_options, 0, 0, cmd_submit },
    { "show", "NUMBER", "show a case: promises, visit, notices, commands", NULL, NULL, 1, 1,
      cmd_show },
    { "list", "", "list cases, newest first", NULL, cmd_list_options, 0, 0, cmd_list },
    { "watch", "[NUMBER]", "show what happens, as it happens: to one case, or to all",
      "With a NUMBER everything from the report on is shown, without only what is new.\n",
      cmd_watch_options, 0, 1, cmd_watch },
    { "act", "NUMBER ACT", "say what happened to a case, or decide something",
      "  callout act C-180D arrive --by wang --at 09:30\n"
      "  callout act C-180D decline --note 'ill'\n"
      "  callout act C-180D sign --as customer\n",
      cmd_act_options, 2, 2, cmd_act },
    { "apply", "-f PATH",
      "bring the registry to what YAML files say: the difference first, then all or nothing", NULL,
      cmd_apply_options, 0, 0, cmd_apply },
    { "exclude", "[KEY]",
      "exclusions (force majeure and the like): list them, declare, change, end, take back",
      "Without a KEY: those that are declared. With one it is declared, or what is given of it is "
      "changed;\nthe clocks of the cases there stand from its begin to its end, under packs that "
      "list its cause, also\nafter the fact. The difference and the due times that would move are "
      "shown first, then it asks.\n"
      "  callout exclude typhoon-2026-09 --cause force_majeure --region jiangsu --from '2026-09-18 "
      "20:00' --title 'September typhoon'\n"
      "  callout exclude --end typhoon-2026-09 --until '2026-09-19 14:00'\n"
      "  callout exclude --take-back typhoon-2026-09\n"
      "With -o json: the list as one Registry, a change as one ApplyResult.\n",
      cmd_exclude_options, 0, 1, cmd_exclude },
    { "export", "[DIR]", "write the registry in force as YAML files", NULL, cmd_export_options, 0,
      1, cmd_export },
    { "calendar", "import FILE... | show [CALENDAR] [YEAR | YEAR-MONTH | YEAR-MONTH-DAY]",
      "holidays of others as a file for the registry; working days and hours as people see them",
      "import reads years of holiday-cn (JSON) and iCalendar files, also with recurring events, "
      "and "
      "asks nobody:\n"
      "  callout calendar import 2026.json 2027.json --out calendars/cn-holidays.yaml\n"
      "  callout calendar import germany.ics --only 'Public holiday' --years 2026-2028 --name de\n"
      "show reads the registry in force, or files (-f):\n"
      "  callout calendar show cn-office 2026-10\n",
      cmd_calendar_options, 1, CLI_GIVEN_MAX, cmd_calendar },
    { "policy", "check [PATH...]",
      "look for what will go wrong under policy packs: in files, or in the registry in force",
      "Looks at packs with the contracts, people and calendars around them, over the days asked "
      "for: steps,\nactions and notices that are never reached, warnings that come before the "
      "start, levels whose breach\nnobody hears of, actions that go round, roles that nobody "
      "holds, times between contracts, years without\npublic holidays. Each finding has a place "
      "and a time as an example. docs/policies.md explains them.\n"
      "A role is held while somebody answers for it: who holds it alone but for his absences, of "
      "several who is\non duty, or a delegate. Not looked at: whether an engineer can be there in "
      "time.\n"
      "A pack that extends another is given together with that one.\n"
      "  callout policy check policies calendars samples/registry --keys var/keys --from "
      "2026-10-01\n"
      "Exit code 1 where there are errors; warnings alone give 0. With -o json: one PolicyCheck\n"
      "(proto/callout/v1/policy_check.proto).\n",
      cmd_policy_options, 1, CLI_GIVEN_MAX, cmd_policy },
    { "zone", "test WHERE [PATH...] | fit FILE [PATH...]",
      "how far a place is and what is promised there; how long roads are, learned from routed "
      "pairs",
      "test takes a position (LAT,LON), the key of a site, or a part of its address or name:\n"
      "  callout zone test 39.5,116.7\n"
      "  callout zone test haihe-langfang\n"
      "fit reads a CSV with from_lat and from_lon, or office, then to_lat, to_lon, km; or a full "
      "matrix of\nTSPLIB with positions and kilometres (.vrp). It says which figures put most "
      "pairs "
      "into their zone:\n"
      "  callout zone fit pairs.csv --office beijing\n"
      "Both look at the registry in force, or at files.\n",
      cmd_zone_options, 2, CLI_GIVEN_MAX, cmd_zone },
    { "whynot", "NUMBER",
      "for each engineer who does not go to a case: why, and what would have to change",
      "First those who were nearest to being asked. As of when somebody was asked, or nobody could "
      "be: "
      "what dispatch saw\nthen is kept; with --now, or before that, as of now, by the registry in "
      "force "
      "and what everybody holds (how many\nvisits somebody had lately is not looked at).\n"
      "  callout whynot C-85Q3K --engineer bj-2\n",
      cmd_whynot_options, 1, 1, cmd_whynot },
    { "people", "", "what engineers do now: free, off duty, asked, on the way, on site", NULL,
      cmd_people_options, 0, 0, cmd_people },
    { "reroute", "ENGINEER",
      "as the project manager: take an engineer off one case, also on his way, and ask him for "
      "another",
      "Two commands, one after the other: recall on the one case, where somebody else is sought at "
      "once, and\nname_engineer on the other. Where the first is refused the second is not sent.\n"
      "  callout reroute bj-2 --from C-85Q3K --to C-85Q7M\n",
      cmd_reroute_options, 1, 1, cmd_reroute },
    { "roster", "show|gaps [PATH...] | import FILE...",
      "who is on duty when, and when nobody is; calendars of others as rosters",
      "show and gaps look at files, or at the registry in force. Times are those of each roster's "
      "calendar;\ngaps are told in the time here.\n"
      "  callout roster show samples/registry policies calendars --keys var/keys --days 3\n"
      "  callout roster gaps --office beijing --level 2\n"
      "gaps looks for anybody in each office and in all, and in all for whom policy packs send "
      "(their least level\nand qualifications), and for each role that contracts and desks give. "
      "Its "
      "exit code is 1 where there are gaps, so that "
      "it "
      "can be run every night.\n"
      "With -o json: a list of spans.\n"
      "import reads iCalendar files: shifts, workdays and absences, weekly or single, swaps. "
      "People "
      "are known by\nmail, key or name. docs/rosters.md explains it. With -o json: one Registry.\n"
      "  callout roster import team.ics --calendar cn-office --out rosters.yaml\n"
      "Exit code of import: 1 where events could not be taken; the others were.\n",
      cmd_roster_options, 1, CLI_GIVEN_MAX, cmd_roster },
    { "plan", "[list] | show KEY",
      "what Callout opens cases for by itself: dates of plans, ends of contracts",
      "list shows what takes place from now on, with the time at which its case is opened and the "
      "number where it\nwas; skipped and moved dates are shown as such. show tells one plan, its "
      "past three months included.\nTimes are those of the plan's calendar.\n"
      "  callout plan list --until 2027-06-30\n"
      "With -o json: a list of dates.\n",
      cmd_plan_options, 0, 2, cmd_plan },
    { "lot", "[list] | show CONTRACT", "the man-days that contracts have, and what was taken",
      "list shows how the lots of all contracts stand; show tells one contract's, with every "
      "posting "
      "of the ledger:\nwhat was bought, reserved for visits and work, released, used, expired. "
      "Times "
      "of work are in hours; a day is as\nlong as the contract says. docs/man-days.md explains "
      "it.\n"
      "  callout lot show jiangcheng-2026 --from 2026-11-01\n"
      "With -o json: lots and postings in minutes; --csv: the postings.\n",
      cmd_lot_options, 0, 2, cmd_lot },
    { "advisory", "[list] | show KEY",
      "known defects that were pushed: whom they reached, who has read and acknowledged them",
      "list shows the advisories of the registry, with how many contracts each has reached. show "
      "tells one: each\ncontract that has a case, or whose customer has installed what it is "
      "about, "
      "with its case or why there is none;\nwhen the customer was told, read it (answered the "
      "notice), acknowledged it, and what he did then.\n"
      "  callout advisory show os-2026-017\n"
      "With -o json: a list of advisories, of contracts.\n",
      NULL, 0, 2, cmd_advisory },
    { "explain", "NUMBER", "account for every second of each promise",
      "Computes the case anew from its journal and the versions it is under, and compares that "
      "with\n"
      "what was announced. With -o json: one Explanation (proto/callout/v1/explain.proto).\n"
      "With --archive FILE it is computed from what callout archive wrote, and nobody is asked.\n",
      cmd_explain_options, 1, 1, cmd_explain },
    { "certificate", "NUMBER [FILE]",
      "certify how the promises of a case came about: signed, for anybody to check",
      "Writes a JSON document to FILE, or prints it: the entries of the case, the policy pack and "
      "the\n"
      "calendars that it is under, and what follows from them, second by second, signed with the "
      "key\n"
      "of --signing-key-file (callout keygen --signing makes one). It names people only by their "
      "keys\n"
      "in the registry. docs/certificate.md says what is in it. callout verify checks it.\n",
      cmd_certificate_options, 1, 2, cmd_certificate },
    { "verify", "FILE", "check a certificate, without a database and without daemons",
      "Checks who signed it and that nothing was changed since, computes the case anew from what "
      "is in\n"
      "it, and says where something else comes out. With -o json: one Verification\n"
      "(proto/callout/v1/certificate.proto).\n"
      "  callout verify C-180D.json --key signing.pub\n"
      "\nExit codes of verify: 0 it holds and the key given with --key signed it; 1 it holds but "
      "no key\n"
      "was given, or it cannot be computed anew here (another format or engine); 3 it does not "
      "hold;\n"
      "4 there is no such file.\n",
      cmd_verify_options, 1, 1, cmd_verify },
    { "status", "", "show daemons, lanes and how far behind they are", NULL, NULL, 0, 0,
      cmd_status },
    { "check", "", "one line and an exit code for a monitoring system that runs plug-ins",
      "Measures: without_process (services of which no process lives), lanes (without an owner), lag "
      "(s, of the service\nfurthest behind), entries (that wait), timers (s, the most overdue), parked "
      "(cases), dead (notices that failed),\naside (s, since when a server of notices is set aside), "
      "gone (addresses), room (entries left in the journal's\npartitions), holidays (calendars that lack "
      "them), time (s, until intake answered).\n"
      "A RANGE is bad outside: 10 (0 to 10), 10: (from 10 on), ~:10 (up to 10), 10:20; @10:20 is bad "
      "inside.\n"
      "  callout check\n"
      "  callout check --warning parked=5 --critical lag=120 --timeout 5s\n"
      "\nExit codes of check: 0 OK, 1 WARNING, 2 CRITICAL (also: intake has no database), 3 UNKNOWN "
      "(nobody answers, or a wrong\noption). The key needs the role query or operate. "
      "docs/monitoring.md has the thresholds.\n",
      cmd_check_options, 0, 0, cmd_check },
    { "trace", "NUMBER", "the way of a case through the daemons, with times",
      "Each entry of its journal: who wrote it, when, how long after the report, after the entry before, and "
      "after what\nit follows from; the attempts of its notices; the traces (W3C) that it belongs to.\n"
      "  callout trace C-180D\n",
      NULL, 1, 1, cmd_trace },
    { "parked", "[list] | replay SERVICE NUMBER | drop SERVICE NUMBER",
      "cases that a service could not process: list them, try again, give up",
      "replay hands over all that waits. drop passes over it, but for the end of the case, and the "
      "service\ngoes on from there. What does not work leaves the case parked, with the reason.\n",
      NULL, 0, 3, cmd_parked },
    { "notice", "[list] | show NUMBER WHY SLOT | resend NUMBER WHY SLOT | resend --every",
      "who was told what: dead letters first of all; look at one, send it again",
      "list shows dead letters: given up, or perhaps sent and not repeated by itself; with --all, "
      "or "
      "--state, others\ntoo, newest case first. show prints one with its words and where it went. "
      "resend tries it anew by the person's\nfirst channel, at the address that the registry has "
      "now, under the key it had, and needs the right to operate;\nwho did it stands in the "
      "journal. "
      "What was taken, or is no longer true, is not sent again.\n"
      "  callout notice list --channel mail\n"
      "  callout notice resend C-180D breached/response/1 pm/0 --note 'mail server is back'\n"
      "  callout notice resend --every --channel mail\n"
      "With -o json: list prints one NoticeRow a line, show one NoticeRow. Exit code of resend "
      "--every: 3 where any was\nrefused.\n",
      cmd_notice_options, 0, 4, cmd_notice },
    { "replay", "FILE", "run a log of real incidents through a suite of its own, with stepped time",
      "The suite was installed with callout migrate --lanes 1 --clock-rate 0 --clock-from TIME and "
      "took nothing yet;\nits daemons run on this machine. ./run --demo does all of it. With -o "
      "json: the report as JSON.\nExit code 1 when what went in is not what is there.\n",
      cmd_replay_options, 1, 1, cmd_replay },
    { "audit", "refold | timers",
      "prove from what is stored that what was announced is what follows from it",
      "refold: every case is folded anew from the journal, as of the last time sla looked at it, "
      "and\n"
      "compared with what was announced and with the row of sla.\n"
      "timers: every warning, due time and ladder step was armed, and has fired once, was "
      "cancelled, or is\n"
      "pending with a row that wakes its case up in time; how late they were announced.\n"
      "Both run beside the daemons, from one snapshot, without writing. Exit code 1 when something "
      "differs.\n",
      cmd_audit_options, 1, 1, cmd_audit },
    { "simulate", "", "what drafts of policies and calendars would have made of the stored cases",
      "Folds every case that was reported in [from, to) under the versions it is under and under "
      "the "
      "drafts, in parallel\nto operation, from one snapshot, without writing, and counts by "
      "contract "
      "and severity: promises met and missed,\nthose that only the draft misses or keeps, rises of "
      "severity, and cases in which somebody was asked to the site.\n"
      "A draft that extends another pack is given together with that one, unchanged or not.\n"
      "  callout simulate --policy draft.yaml --from 2026-01-01\n",
      cmd_simulate_options, 0, 0, cmd_simulate },
    { "answer", "CODE", "pass on how somebody answered a notice, by the code that stood in it",
      "For whoever reads answers: a gateway of mail or text messages, a robot, a person at the "
      "desk. "
      "A code is good for\none answer, until it expires; it says which case, which notice, who and "
      "what.\n"
      "  callout answer C-180D-7KQ2M9XWTF\n",
      cmd_answer_options, 1, 1, cmd_answer },
    { "report", "[NUMBER | satisfaction | service CONTRACT]",
      "where the time went: in whose hands cases were, adding up to 100 %; how content customers "
      "are; what a contract got in a month",
      "Of one case each stretch of it; else sums of all cases reported in [from, to), by contract "
      "and "
      "month of the report.\nheld: not yet taken on; queue: nobody works on it; closed: outside of "
      "working hours, where the promise that governs\ncounts them; excluded: stopped by a declared "
      "exclusion. Reads the database, in parallel to operation, without writing.\n"
      "satisfaction: what customers said when they were called back (act called_back) in [from, "
      "to), by "
      "engineer.\n"
      "  callout report --by contract,severity --from 2026-10-01 --csv\n"
      "  callout report satisfaction --by office,engineer\n"
      "service: a month under one contract, for the customer: cases, promises met and missed and "
      "why, time, man-days,\npenalties by the contract's liability, satisfaction; as tables, "
      "--csv, --html FILE or -o json.\n"
      "  callout report service jiangcheng-2026 --month 2026-11 --html november.html\n",
      cmd_report_options, 0, 2, cmd_report },
    { "keygen", "STEM | DIR NAME", "make a key pair: NAME.key and NAME.pub",
      "Without --signing: for talking to intake (CURVE). With --signing: for certificates "
      "(Ed25519).\n"
      "NAME.key can be read by its owner only. Nothing is overwritten.\n",
      cmd_keygen_options, 1, 2, cmd_keygen },
    { "env", "", "print what a client needs, as NAME=value", NULL, cmd_env_options, 0, 0, cmd_env },
    { "migrate", "", "bring the database to the schema of this release", NULL, cmd_migrate_options,
      0, 0, cmd_migrate },
    { "maintain", "", "make room in the database for what is to come; run it daily", NULL,
      cmd_maintain_options, 0, 0, cmd_maintain },
    { "archive", "[list] | run --to DIR | verify FILE | restore FILE",
      "partitions of the journal whose cases are over: to files, and back",
      "list says of each partition what keeps it. run writes each that nothing keeps to a file, "
      "reads it back, and\ndetaches it from the journal. explain and certificate read such files "
      "(--archive). docs/backup.md explains it.\n"
      "  callout archive run --to /srv/archives --signing-key-file signing.key\n",
      cmd_archive_options, 0, 2, cmd_archive },
    { "erase", "case NUMBER | person KEY | [list]",
      "erase what people wrote about a case, or what is known of a person",
      "Words, contacts, addresses and what notices said; of a person also what the registry said "
      "of "
      "him before.\nThe journal, every clock, certificates and numbers stay as they are. Who "
      "demanded it is kept; list shows that.\ndocs/backup.md says what is erased, and what is "
      "not.\n"
      "  callout erase case C-180D --demanded-by 'data protection officer'\n",
      cmd_erase_options, 0, 2, cmd_erase },
    { NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
};
