"""An SMTP server for the tests: PORT, starttls|implicit, and the folder with its certificate.

Prints `ready`, then one JSON line for each mail. Recipients that begin with `refused` get a 550,
those that begin with `later` a 450.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


class Recorder:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        for to in envelope.rcpt_tos:
            line = {
                "to": to,
                "subject": mail["Subject"],
                "body": mail.get_content().replace("\r\n", "\n"),
                "id": mail["Message-ID"],
                "headers": list(mail.keys()),
            }
            print(json.dumps(line), flush=True)
        return "250 taken"


def main():
    port, mode, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/tls-chain.pem", f"{folder}/tls-key.pem")

    def session():
        if mode == "starttls":
            return SMTP(Recorder(), tls_context=context, require_starttls=True)
        return SMTP(Recorder())

    wrap = context if mode == "implicit" else None
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(loop.create_server(session, "127.0.0.1", port, ssl=wrap))
    print("ready", flush=True)
    loop.run_forever()


main()
