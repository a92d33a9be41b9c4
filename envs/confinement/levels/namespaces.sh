# Runs as the first process of new namespaces, with all rights over them and none over the machine:
#   FOLDER [readable REAL SHOWN]… [writable REAL SHOWN]… -- PROGRAM ARGUMENT…
# Makes a root of these files alone, gives its rights away, and starts the program in FOLDER. The end of the program ends
# whatever it has started.
set -eu
path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
setpriv=$(command -v setpriv)
folder=$1
shift

# The new root lies over a folder that every Linux has and no program is given.
root=/sys
mount -t tmpfs -o nosuid,nodev,mode=755 toolstone "$root"
mkdir "$root/proc" "$root/dev" "$root/old"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for stream in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
  ln -s "/proc/self/${stream#*:}" "$root/dev/${stream%%:*}"
done

show() { # show REAL SHOWN OPTIONS: with what is mounted below it
  if [ -d "$1" ]; then
    mkdir -p "$root$2"
  elif [ ! -e "$root$2" ]; then
    mkdir -p "$root${2%/*}"
    : >"$root$2"
  fi
  mount --rbind -o "$3" "$1" "$root$2"
}

while [ "$1" = readable ]; do
  show "$2" "$3" ro,nosuid
  shift 3
done
# A mount below another keeps its own rights, unless it is told apart; those before our root are covered by it.
is_ours=false
while read -r _ _ _ _ place options rest; do
  case $rest in *'- tmpfs toolstone '*) is_ours=true ;; esac
  case $is_ours,$options,$place in
  true,ro,*) ;;
  true,*,"$root"/*) mount -o remount,bind,ro,nosuid "$(printf '%b' "$place")" ;;
  esac
done </proc/self/mountinfo
while [ "$1" = writable ]; do
  show "$2" "$3" nosuid,nodev
  shift 3
done
shift

cd "$root"
pivot_root . old
umount -l /old
rmdir /old
mount -o remount,bind,ro /
cd "$folder"

# What waits for the program is the first process too: it ends by a signal, which a first process need not heed.
PATH=$path
exec "$setpriv" --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all /bin/sh -c '
  exec 3<&0
  trap "exit 143" TERM
  "$@" <&3 3<&- &
  wait $!
' sh "$@"
