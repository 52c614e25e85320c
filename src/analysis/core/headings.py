"""The Danish words for the views' columns and dimensions, for charts and tables alike."""

# What a blank value, the values too many to show, and a row or column of sums are called.
BLANK = "Ikke angivet"
REST = "Øvrige"
TOTAL = "Samlet"
# What a label that nobody knows is shown as; the database has it too.
UNKNOWN_LABEL = "Andet (ukendt betegnelse)"

# What the views of counts can divide the incidents by.
DIMENSIONS = {
    "category": "Urotype",
    "subcategory": "Underkategori",
    "facility": "Facilitet",
    "victim": "Forurettede",
    "demography": "Demografi",
    "district": "Bydel",
    "location": "Lokation",
    "weekday": "Ugedag",
}

HEADINGS = {
    **DIMENSIONS,
    "name": "Navn",
    "incidents": "Antal",
    "relative_score": "Relativ score",
    "helper": "Tilkaldt hjælp",
    "called": "Tilkaldt",
    "arrived": "Ankommet",
    "season": "Sæson",
    "half": "Halvår",
    "month": "Måned",
    "date": "Dato",
    "hour": "Time",
    "occurred_at": "Tidspunkt",
    "reported_at": "Indmeldingstidspunkt",
    "self_service": "Selvbetjent",
    "ladder_step": "Trin",
    "incident_id": "Hændelse",
    "source": "Kilde",
    "file": "Fil",
    "row": "Række",
    "rows": "Rækker",
    "fate": "Udfald",
    "reason": "Årsag",
    "accepted": "Godkendt",
    "duplicate": "Dublet",
    "linked": "Knyttet til en sag",
    "cancelled": "Annulleret",
    "rejected": "Afvist",
    "share": "Andel",
    "delay": "Indmeldt",
    "time": "Klokkeslæt",
    "change": "Ændring",
    "status": "Status",
    "description": "Beskrivelse",
}


def heading(name: str) -> str:
    """Return what a column or a dimension is called; one of one's own as it is."""
    return HEADINGS.get(name, name)
