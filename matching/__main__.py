"""`python -m matching INSTANCE ANSWER`: the best pairs of a file, with their proof, in another file.

Exit status: 0, the answer is written; 2, the instance cannot be: one line on the standard error says where, and no
answer is written.
"""

import argparse
import gc
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Read, solve, write; then explain whom was asked for."""
    parser = argparse.ArgumentParser(prog="python -m matching", description="Qui va avec qui, et la preuve.")
    parser.add_argument("instance", metavar="INSTANCE", help="le problème, en JSON")
    parser.add_argument("answer", metavar="ANSWER", help="où écrire la réponse, en JSON")
    parser.add_argument(
        "--explain", metavar="PERSON", help="dire pourquoi cette personne a ce·tte mentor·e, ou aucun·e"
    )
    parser.add_argument(
        "--compare", action="store_true", help="compter les paires bloquantes, et comparer à l’acceptation différée"
    )
    asked = parser.parse_args(arguments)
    gc.disable()  # nothing here is cyclic, and looking for cycles in millions of numbers takes longer than the work
    from matching.engine.instance import BadInstance
    from matching.engine.reading import read

    try:
        instance = read(asked.instance)
        if asked.explain is not None and asked.explain not in instance.mentee_ids:
            raise BadInstance(f"mentees: nobody has the id {asked.explain!r}")
    except BadInstance as error:
        return _refuse(f"{asked.instance}: {error}")
    except OSError as error:
        return _refuse(f"{asked.instance}: {error.strerror}")
    return _answer(instance, asked)


def _answer(instance, asked) -> int:
    from matching.engine.solving import solve

    solution = solve(instance)
    answer = solution.answer()
    if asked.compare:
        answer["stats"] |= _comparison(solution)
    try:
        _write(asked.answer, answer)
    except OSError as error:
        return _refuse(f"{asked.answer}: {error.strerror}")
    if asked.explain is not None:
        from matching.engine.telling import tell

        print(tell(solution, asked.explain))  # noqa: T201
    return 0


def _comparison(solution) -> dict:
    from matching.engine import stability

    instance = solution.instance
    deferred = stability.deferred_acceptance(instance)
    return {
        "blocking_pairs": stability.blocking_pairs(instance, solution.mentor_of),
        "deferred_acceptance": {
            "pairs": len(deferred),
            "points": sum(instance.score_of(*pair) for pair in deferred.items()),
        },
    }


def _write(path: str, answer: dict) -> None:
    """All of the answer or nothing: a file that was there stays until the new one is whole."""
    import json

    partial = f"{path}.partial"
    try:
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(answer, file, ensure_ascii=False, separators=(",", ":"))
            file.write("\n")
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def _refuse(sentence: str) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201
    return 2


if __name__ == "__main__":
    sys.exit(main())
