"""`huashu serve`: what a server is given on the command line."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from huashu.cli_script import Nlu, Rerank
from huashu.cli_talk import Trust, VoiceModel

Bots = Annotated[Path, typer.Option(help="A bot's folder, or a folder of them.")]
Store = Annotated[str | None, typer.Option(metavar="URL", help="Keep the record here: sqlite:///calls.db")]
Watch = Annotated[
    float | None, typer.Option(metavar="SECONDS", min=0.5, help="Look for changed bots so often (SIGHUP: now).")
]
Calls = Annotated[int, typer.Option(min=1, help="Spoken calls at once; more are refused, with a reason.")]
Drain = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.0, help="What live conversations get to finish after SIGTERM.")
]

# doors
Grpc = Annotated[str, typer.Option(metavar="HOST:PORT", help="Conversations over gRPC.")]
Http = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Health, metrics, /v1/audio.")]
TokenFile = Annotated[Path | None, typer.Option(help="Clients must send this token.")]
Certificate = Annotated[Path | None, typer.Option(help="Server certificate, PEM.")]
Key = Annotated[Path | None, typer.Option(help="Its key, PEM.")]
ClientAuthority = Annotated[Path | None, typer.Option(help="Clients must have a certificate of this CA.")]

# sound
Asr = Annotated[str, typer.Option(help="Recogniser for audio conversations.")]
AsrModel = Annotated[str | None, typer.Option(help="Its weights: a folder, or an id of `huashu models`.")]
AsrFallback = Annotated[
    str | None, typer.Option(help="A second recogniser, for what the first fails on or has no place for.")
]
FallbackModel = Annotated[str | None, typer.Option(help="Its weights.")]
AtOnce = Annotated[
    int | None, typer.Option(min=1, help="Readings of the first recogniser at a time; more go to the second.")
]
Voice = Annotated[str | None, typer.Option(help="Voice engine; default: espeak if installed.")]
Recordings = Annotated[
    Path | None, typer.Option(help="Folder for both sides of every spoken call, a WAV by the call's id.")
]
ComfortNoise = Annotated[
    float | None, typer.Option(metavar="DB", help="Noise on the line while the bot is silent, such as -60.")
]

# people
Desk = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="The page for agents and supervisors.")]
DeskSettings = Annotated[Path | None, typer.Option(help="Its desk.yaml: address, sessions, sign-on.")]
Centre = Annotated[Path | None, typer.Option(help="Queues, skills, hours: centre.yaml.")]
Connect = Annotated[Path | None, typer.Option(help="Other systems that are told or attend: connections.yaml.")]


def serve(
    bots: Bots,
    grpc: Grpc = "127.0.0.1:50051",
    http: Http = None,
    store: Store = None,
    token_file: TokenFile = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    tls_client_ca: ClientAuthority = None,
    trust: Trust = False,
    nlu: Nlu = None,
    rerank: Rerank = None,
    asr: Asr = "pocketsphinx",
    asr_model: AsrModel = None,
    asr_fallback: AsrFallback = None,
    asr_fallback_model: FallbackModel = None,
    asr_at_once: AtOnce = None,
    voice: Voice = None,
    voice_model: VoiceModel = None,
    calls: Calls = 200,
    drain: Drain = 60.0,
    recordings: Recordings = None,
    comfort_noise: ComfortNoise = None,
    watch: Watch = None,
    desk: Desk = None,
    desk_settings: DeskSettings = None,
    centre: Centre = None,
    connect: Connect = None,
) -> None:
    """Serve bots to telephone systems and programs. SIGHUP loads changed bots; SIGTERM lets calls finish."""
    from huashu.channels.limits import Limits
    from huashu.channels.serve import serve as run_server
    from huashu.channels.server_settings import Doors, Hearing, Loading, Sound
    from huashu.cli_desk import accompany

    hearing = Hearing(asr, asr_model, asr_fallback, asr_fallback_model, asr_at_once)
    server = run_server(
        bots,
        doors=Doors(grpc, http, None, token_file, tls_cert, tls_key, tls_client_ca),
        loading=Loading(trust, nlu=nlu, rerank=rerank),
        sound=Sound(hearing, voice, voice_model, comfort_noise, recordings=recordings),
        store=store,
        limits=Limits(calls=calls, conversations=max(500, calls), drain=drain),
        watch=watch,
        own_process=True,
        accompany=accompany(
            desk,
            settings=desk_settings,
            plan=centre,
            connect=connect,
            store=store,
            certificate=tls_cert,
            key=tls_key,
            say=lambda line: print(line, file=sys.stderr),
        ),
    )
    asyncio.run(server)
