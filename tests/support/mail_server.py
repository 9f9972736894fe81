"""A mail server of a test's own, on a free port of 127.0.0.1, that says what the test wants and keeps what it got."""
import asyncio
import email
import email.policy
import logging
import threading

from aiosmtpd.controller import Controller

logging.disable(logging.CRITICAL)  # aiosmtpd tells of every broken connection; here they are wanted


class Mailbox:
    """What a test wants the mail server to say, and what it got."""

    def __init__(self):
        self.mails = []
        self.peers = []  # of each mail: the other end of its connection, and who logged in there
        self.replies = {}
        self.delay_s = 0
        self.on_mail = lambda: None
        self.lock = threading.Lock()
        self.server = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.replies:
            return self.replies["RCPT"]
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
            self.peers.append((session.peer, session.auth_data))
        self.on_mail()
        await asyncio.sleep(self.delay_s)
        return self.replies.get("DATA", "250 2.0.0 queued as 7 for wang@example.org")

    def mail(self, i):
        return email.message_from_bytes(self.mails[i][2], policy=email.policy.default)

    def start(self, port, **more):
        self.server = Controller(self, hostname="127.0.0.1", port=port, **more)
        self.server.start()

    def stop(self):
        if self.server is not None:
            self.server.stop()
            self.server = None
