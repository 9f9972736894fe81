#!/usr/bin/python3
"""A project manager who is told by a robot of his group, through the real daemons: signed, mentioned; and by mail where the robot refuses.

Usage: test_robots.py BUILD_DIR
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from robot_server import RobotServer  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

PM = "pm-north"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def ticket(w):
    return w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number


def told(w, number, channel):
    def look(view):
        return [n for n in view.notices if n.person == PM and n.channel == channel and n.state == 2]
    return look(w.wait(number, f"{PM} told by {channel}", look))


@test
def a_robot_tells_the_project_manager_and_mentions_him(w):
    number = ticket(w)
    told(w, number, "group")
    body = wait_for("the robot", lambda: next((b for _, b in w.robot.taken if number in b["text"]["content"]), None))
    assert body["at"]["atMobiles"] == ["13800000001"], body
    assert "tok-1" not in w.suite.callout("notice", "list", "--all", key="admin"), "the token is told"


@test
def what_the_robot_refuses_reaches_him_by_mail_with_the_reason(w):
    w.robot.token = "another"
    number = ticket(w)
    notice = told(w, number, "mail")[0]
    assert notice.resent and notice.resent[0].before == "group" and "token is not known" in notice.resent[0].why, notice
    w.robot.token = "tok-1"


@test
def a_registry_with_a_token_in_the_address_is_refused(w):
    path = f"{w.suite.dir}/wrong.yaml"
    with open(path, "w") as file:
        file.write("channels:\n  wrong: {kind: dingtalk, url: 'https://oapi.dingtalk.com/robot/send?access_token=x', secret_file: robot}\n")
    done = w.suite.callout("apply", "-f", path, "--yes", key="admin", check=False)
    assert done.returncode == 3 and "channel wrong, url: has a query" in done.stderr and "secret_file" in done.stderr, done


def main():
    robot = RobotServer()
    robot.secret, robot.limit = "SECtest", 1000
    with Suite(sys.argv[1]) as suite:
        with open(f"{suite.dir}/secrets/robot", "w") as file:
            file.write("token = tok-1\nsecret = SECtest\n")
        with open(f"{suite.dir}/robots.yaml", "w") as file:
            file.write(f"channels:\n  group: {{kind: dingtalk, url: '{robot.url}/robot/send', secret_file: robot}}\n"
                       f"persons:\n  {PM}: {{name: 李经理, email: {PM}@example.com, phone: '13800000001', channels: [group, mail]}}\n")
        suite.callout("apply", "-f", f"{suite.dir}/robots.yaml", "--yes", key="admin")
        world = World(suite)
        world.robot = robot
        failures = run_tests(TESTS, world)
    robot.close()
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
