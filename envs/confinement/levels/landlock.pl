# Binds itself by Landlock, and becomes a program:
#   NUMBER_OF_PRCTL network|none FOLDER [readable PATH | writable PATH]… -- PROGRAM ARGUMENT…
# Numbers of calls and rights are those of the kernel's linux/landlock.h; the calls have the same numbers on all machines.
use strict;

my ( $create_ruleset, $add_rule, $restrict_self ) = ( 444, 445, 446 );
my ( $prctl, $network, $folder ) = splice @ARGV, 0, 3;

my $version = syscall $create_ruleset, 0, 0, 1;
die "the kernel has no Landlock ($!)\n" if $version < 0;
die "the kernel's Landlock has version $version; the network is covered from version 4 on (Linux 6.7)\n" if $version < 4;

# Of files: run, write, read, list, remove folder and file, make device, folder, file, socket, pipe, block device and link,
# move between folders (2), cut short (3), talk to devices (5).
my $all      = $version >= 5 ? 0xffff : 0x7fff;
my $read     = 1 << 0 | 1 << 2 | 1 << 3;
my $write    = $all & ~( 1 << 6 | 1 << 11 );
my $of_files = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15;

# TCP in both directions (4); sockets without a file and signals to others (6).
my @handled = ( $all, $network eq 'network' ? 0 : 3, $version >= 6 ? 3 : () );
my $attributes = pack 'Q*', @handled;
my $rules = syscall $create_ruleset, $attributes, length $attributes, 0;
die "no Landlock rules can be made ($!)\n" if $rules < 0;

while ( ( my $kind = shift @ARGV ) ne '--' ) {
    my $path = shift @ARGV;
    sysopen my $file, $path, 0x200000 or next;    # O_PATH: what is named, without a right to it
    my $rights = ( $kind eq 'writable' ? $write : $read ) & ( -d $path ? ~0 : $of_files );
    my $rule = pack 'Ql', $rights, fileno $file;
    syscall( $add_rule, $rules, 1, $rule, 0 ) == 0 or die "no Landlock rule can be made for $path ($!)\n";
}

# PR_SET_NO_NEW_PRIVS: without it an ordinary user may not bind a process.
syscall( 0 + $prctl, 38, 1, 0, 0, 0 ) == 0 or die "rights cannot be given up ($!)\n";
syscall( $restrict_self, $rules, 0 ) == 0 or die "Landlock cannot be switched on ($!)\n";
chdir $folder or die "$folder cannot be entered ($!)\n";
exec { $ARGV[0] } @ARGV or die "could not be run ($!)\n";
