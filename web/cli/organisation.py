"""run.py organisation: for whom this installation works, and in which projects."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening
from web.cli.user import book_of

name_option = click.option("--name", required=True, help="As people know it.")
slug_option = click.option("--slug", required=True, help="As it stands in addresses: small letters, digits, dashes.")


@click.group("organisation")
def command() -> None:
    """For whom this installation works: a municipality or welfare organisation, and its projects."""


@command.command("add")
@name_option
@slug_option
@opening.instance_option
def add(name: str, slug: str, instance: Path) -> None:
    """Make an organisation. Nothing of one is visible to another."""
    with book_of(instance) as book:
        made = book.add_organisation(name, slug)
        click.echo(f"{made.name} is here; now add a project, then its people with `run.py user add`")


@command.command("project")
@click.option("--organisation", required=True, metavar="SLUG")
@name_option
@slug_option
@click.option("--district", default="", help="The district it works in.")
@opening.instance_option
def project(organisation: str, name: str, slug: str, district: str, instance: Path) -> None:
    """Make a project of an organisation: the work in one district. It begins small."""
    with book_of(instance) as book:
        owner = book.organisation(organisation)
        made = book.add_project(owner, name, slug, district)
        click.echo(f"{made.name} is a project of {owner.name}")


@command.command("list")
@opening.instance_option
def show(instance: Path) -> None:
    """Every organisation with its projects."""
    with book_of(instance) as book:
        for organisation, projects in book.organisations():
            click.echo(f"{organisation.slug}  {organisation.name}")
            for made in projects:
                click.echo(f"  {made.slug}  {made.name}")
