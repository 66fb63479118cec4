"""The configuration of an IMAP server with one account, in the words of dovecot 2.3 and in those of 2.4."""

from __future__ import annotations

import subprocess
from pathlib import Path

BOTH = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Or everybody waits longer after each wrong password.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
OLD = """
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""
NEW = """
ssl_server_cert_file = {folder}/cert.pem
ssl_server_key_file = {folder}/key.pem
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail
passdb passwd-file {{
  passwd_file_path = {folder}/users
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}
  }}
}}
"""
"""What 2.4 renamed, by doc.dovecot.org, "Upgrading Dovecot CE from 2.3 to 2.4"."""
VERSIONS = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""
"""2.4 wants these, and the first of them before anything else; later ones keep to what this version means."""


def conf(program: str, folder: Path, **values: object) -> str:
    """What the program at this path reads."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    number = tuple(int(part) for part in told.split()[0].split(".")[:2])
    dialect = VERSIONS + BOTH + NEW if number >= (2, 4) else BOTH + OLD
    return dialect.format(folder=folder, **values)
