"""`python -m documents.sandbox`: the process that opens a stranger's file. The file comes on the standard input, its
harmless copy goes to the standard output, the verdict to the standard error, one line of JSON after « ready ».
"""

import json
import resource
import sys

from documents.limits import CPU_SECONDS, MAX_SIZE, MEMORY


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from documents import inside

    sys.stderr.write("ready\n")
    data = sys.stdin.buffer.read(MAX_SIZE + 1)
    try:
        verdict, result = inside.work(data)
        sys.stdout.buffer.write(result)
        sys.stdout.buffer.flush()
    except inside.Refused as refused:
        verdict = {"code": refused.code, "detail": refused.detail}
    sys.stderr.write(json.dumps(verdict) + "\n")


if __name__ == "__main__":
    main()
