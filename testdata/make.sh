#!/bin/sh
# Makes the captures in this folder anew: real programs, talking in two network
# namespaces that are joined by one cable, and on the loopback interface of
# one of them. Needs root, iproute2, ethtool, tcpdump, curl, nginx, dig, dnsmasq,
# ping and editcap. Everything it starts is bounded and ended again.
set -eu
cd "$(dirname "$0")"

. ./cable.sh

# A web server with a page, a text that takes several segments, and a page whose
# server makes it as it leaves (SSI), so that it comes in chunks.
mkdir "$work/www"
echo '<!doctype html><title>Strata</title><p>Hello.' >"$work/www/index.html"
echo '<!--# set var="what" value="chunks" --><p>A page in <!--# echo var="what" -->.' >"$work/www/made.shtml"
echo '<!--# include virtual="/long.txt" --><p>The end.' >"$work/www/longer.shtml"
i=1
while [ $i -le 300 ]; do
	echo "Line $i of a text that is longer than one segment can carry."
	i=$((i + 1))
done >"$work/www/long.txt"
cat >"$work/nginx.conf" <<END
daemon off; master_process off; pid $work/nginx.pid; error_log /dev/null;
events { worker_connections 64; }
http {
	access_log off; default_type text/plain;
	client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work;
	uwsgi_temp_path $work; scgi_temp_path $work;
		server { listen 80; root $work/www; location ~ shtml$ { ssi on; ssi_types text/plain; } }
}
END
ip netns exec $b nginx -c "$work/nginx.conf" -p "$work" >/dev/null 2>&1 &
pids="$pids $!"
ip netns exec $b dnsmasq -k -C /dev/null --no-resolv --no-hosts --pid-file= --bind-interfaces \
	--listen-address=192.0.2.2 --address=/www.example/192.0.2.80 --address=/www.example/2001:db8::80 \
	--txt-record=text.example,"a name may have a text" --mx-host=example,mail.example,10 \
	--cname=web.example,www.example --host-record=ns.example,192.0.2.2 \
	--srv-host=_http._tcp.example,www.example,80,1,2 --naptr-record=example,1,2,u,E2U+sip,'!^.*$!sip:a@example!' \
	--ptr-record=80.2.0.192.in-addr.arpa,www.example --caa-record=example,0,issue,ca.example \
	--dns-rr=www.example,65,0001000001000602683202683300030002005000040004c0000250 \
	--dns-rr=example,52,03010100112233445566778899aabbccddeeff00112233445566778899aabbccddeeff \
	--dns-rr=example,47,046e657874076578616d706c6500000662018000001b >/dev/null 2>&1 &
pids="$pids $!"
sleep 1

capture http.pcap $a eth0 'tcp port 80'
ip netns exec $a curl -s -o /dev/null http://192.0.2.2/ -o /dev/null http://192.0.2.2/long.txt \
	-o /dev/null http://192.0.2.2/missing
ip netns exec $a curl -s -I -o /dev/null http://192.0.2.2/
ip netns exec $a curl -s -o /dev/null http://192.0.2.2/made.shtml
ip netns exec $a curl -s -o /dev/null -d 'name=value' http://192.0.2.2/
stop

# Requests that do not wait for answers; a body that ends with the connection;
# what was asked for on a condition, or a part of it; a large request.
since=$(date -u -r "$work/www/long.txt" '+%a, %d %b %Y %H:%M:%S GMT')
capture streams.pcap $a eth0 'tcp port 80'
for path in / /long.txt /made.shtml /missing; do
	printf 'GET %s HTTP/1.1\r\nHost: 192.0.2.2\r\n\r\n' $path
done >"$work/requests"
printf 'GET / HTTP/1.1\r\nHost: 192.0.2.2\r\nConnection: close\r\n\r\n' >>"$work/requests"
ip netns exec $a bash -c "exec 3<>/dev/tcp/192.0.2.2/80; cat $work/requests >&3; timeout 5 cat <&3 >/dev/null"
ip netns exec $a bash -c 'exec 3<>/dev/tcp/192.0.2.2/80
	printf "GET /made" >&3; sleep 0.2; printf ".shtml HTTP/1.0\r\n\r\n" >&3
	timeout 5 cat <&3 >/dev/null'
ip netns exec $a curl -s -0 -o /dev/null http://192.0.2.2/longer.shtml
ip netns exec $a curl -s -o /dev/null http://192.0.2.2/longer.shtml \
	--next -s -o /dev/null -H "If-Modified-Since: $since" http://192.0.2.2/long.txt
ip netns exec $a curl -s -o /dev/null -r 100-199 http://192.0.2.2/long.txt
ip netns exec $a curl -s -o /dev/null --data-binary @"$work/www/long.txt" -H 'Expect:' 'http://192.0.2.2/?a=1&b=two'
stop

capture loopback.pcap $b lo 'tcp port 80'
ip netns exec $b curl -s -o /dev/null http://127.0.0.1/long.txt
stop

capture dns.pcap $a eth0 'port 53'
for q in "www.example A" "www.example AAAA" "web.example A" "text.example TXT" "example MX" "no.such.name A" "www.example A +tcp" "text.example TXT +tcp +noedns"; do
	ip netns exec $a dig @192.0.2.2 $q +tries=1 +time=2 >/dev/null || true
done
stop

capture records.pcap $a eth0 'port 53'
for q in "www.example HTTPS +subnet=192.0.2.0/24" "example CAA +nsid" "example TLSA +padding=64" "example NSEC +dnssec" "example NAPTR +nocookie" \
	"_http._tcp.example SRV" "-x 192.0.2.80" "example MX -y hmac-sha256:key:c2VjcmV0" "+tcp +keepopen +keepalive www.example A text.example TXT www.example AAAA"; do
	ip netns exec $a dig @192.0.2.2 $q +tries=1 +time=2 >/dev/null || true
done
stop
for file in dns records; do
	editcap -F pcapng "$work/$file.pcap" "$work/$file.pcapng"
	rm "$work/$file.pcap"
done

# Fragments: 4000 bytes do not fit into 1500. The neighbours are forgotten
# first, so that ARP is seen too.
ip -n $a neigh flush all
ip -n $b neigh flush all
capture ping.pcap $a eth0 'arp or icmp' --time-stamp-precision=nano
ip netns exec $a ping -q -c 2 -i 0.2 192.0.2.2 >/dev/null
ip netns exec $a ping -q -c 2 -i 0.2 -s 4000 192.0.2.2 >/dev/null
stop

# What is refused, with a snap length that cuts the longer frames.
capture refused.pcap $a eth0 'udp or tcp or icmp' -s 128
ip netns exec $a curl -s -m 2 tftp://192.0.2.2:5300/nobody >/dev/null || true
ip netns exec $a curl -s -m 2 http://192.0.2.2:8080/ >/dev/null || true
ip netns exec $a ping -q -c 1 -s 1000 192.0.2.2 >/dev/null
stop

mv "$work"/*.pcap "$work"/*.pcapng .
ls -l ./*.pcap ./*.pcapng
