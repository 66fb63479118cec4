"""run.py user: who may work with this installation."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli import opening

if TYPE_CHECKING:
    from web.cli.staff_book import Book
    from web.rows import Staff

ROLES = ("organiser", "coordinator", "admin")

generate_option = click.option("--generate", is_flag=True, help="Make a password and print it once.")
email_argument = click.argument("email")


@click.group("user")
def command() -> None:
    """Who may work here: add people, give them passwords, and shut them out.

    Somebody who is added sets up an app with codes at the first log-in, and chooses a password of their own.
    """


@command.command("add")
@click.option("--email", required=True, help="Address to log in with.")
@click.option("--name", required=True, help="How colleagues call this person.")
@click.option("--organisation", "slug", required=True, metavar="SLUG")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True)
@click.option("--project", "projects", metavar="SLUG", multiple=True, help="A project to work in; may be repeated.")
@generate_option
@opening.instance_option
def add(
    email: str, name: str, slug: str, roles: tuple[str, ...], projects: tuple[str, ...], generate: bool, instance: Path
) -> None:
    """Make an account. Asks for its password twice, or makes one with --generate."""
    with book_of(instance) as book:
        organisation = book.organisation(slug)
        chosen = book.projects(organisation, projects)
        password = _password(generate)
        account = book.add(organisation, email, name, frozenset(roles), chosen, password)
        book.keep("account_added", account)
        _tell(f"{account.email} can log in for {organisation.name}", password if generate else "")


@command.command("list")
@opening.instance_option
def show(instance: Path) -> None:
    """Every account: address, name, organisation, roles, projects."""
    with book_of(instance) as book:
        for account in book.everybody():
            click.echo(_line(account))


@command.command("password")
@email_argument
@generate_option
@opening.instance_option
def password(email: str, generate: bool, instance: Path) -> None:
    """Give an account another password; whoever is logged in with it has to log in again."""
    with book_of(instance) as book:
        account = book.account(email)
        given = _password(generate)
        book.give(account, given)
        book.keep("account_password", account)
        _tell(f"{account.email} has another password", given if generate else "")


@command.command("disable")
@email_argument
@opening.instance_option
def disable(email: str, instance: Path) -> None:
    """Shut an account; whoever is logged in with it is out at once."""
    with book_of(instance) as book:
        account = book.account(email)
        book.shut(account)
        book.keep("account_off", account)
        click.echo(f"{account.email} cannot log in any more")


@command.command("reset-codes")
@email_argument
@opening.instance_option
def reset_codes(email: str, instance: Path) -> None:
    """Forget the app, the recovery codes and the passkeys of somebody who lost their telephone."""
    with book_of(instance) as book:
        account = book.account(email)
        book.reset(account)
        book.keep("account_codes", account)
        click.echo(f"{account.email} sets up an app with codes at the next log-in")


def book_of(instance: Path) -> AbstractContextManager[Book]:
    """The accounts of an installation. Imported when it is asked for, so that nobody waits for it."""
    from web.cli.staff_book import opened

    return opened(instance)


def _password(generate: bool) -> str:
    from web.services.organisations import passwords

    if generate:
        return passwords.new()
    told: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same once more")
    return told


def _tell(sentence: str, password: str) -> None:
    click.echo(sentence)
    if password:
        click.echo(f"password, shown only now: {password}")


def _line(account: Staff) -> str:
    roles = ",".join(sorted(role.name for role in account.roles))
    projects = ",".join(project.slug for project in account.projects) or "-"
    state = "" if account.active else "  (shut)"
    return f"{account.email}  {account.name}  {account.organisation.slug}  {roles}  {projects}{state}"
