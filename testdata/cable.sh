# Two network namespaces that are joined by one cable, and what captures on it;
# which make.sh and upper.sh make. Sets a and b (the client's namespace, 192.0.2.1,
# and the server's, 192.0.2.2), work (a folder for a while) and pids (what is
# ended at the end).
a=strata-client b=strata-server
work=$(mktemp -d)
pids=
finish() {
	for p in $pids; do kill "$p" 2>/dev/null || true; done
	ip netns del $a 2>/dev/null || true
	ip netns del $b 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT

# The cable. Offloads are off, so that what is captured is what a wire would
# carry: checksums computed, segments no longer than the MTU allows.
ip netns add $a
ip netns add $b
ip link add eth0 netns $a type veth peer name eth0 netns $b
n=1
for ns in $a $b; do
	ip -n $ns link set eth0 address 02:00:00:00:00:0$n
	ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip netns exec $ns ethtool -K eth0 tx off rx off tso off gso off gro off sg off >/dev/null 2>&1
	ip -n $ns addr add 192.0.2.$n/24 dev eth0
	ip -n $ns link set lo up
	ip -n $ns link set eth0 up
	n=$((n + 1))
done

# capture FILE NAMESPACE INTERFACE FILTER [tcpdump's options]
capture() {
	file=$1 ns=$2 if=$3 filter=$4
	shift 4
	: >"$work/listening"
	ip netns exec $ns timeout 30 tcpdump -i "$if" --immediate-mode -U -Z root -c 2000 -w "$work/$file" "$@" "$filter" 2>"$work/listening" &
	tcpdump=$!
	pids="$pids $tcpdump"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -q listening "$work/listening" && break
		sleep 0.2
	done
}
stop() {
	sleep 1
	kill -INT $tcpdump
	wait $tcpdump || true
}
