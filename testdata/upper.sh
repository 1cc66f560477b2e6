#!/bin/sh
# Makes the captures of what layers 5 to 7 carry anew: real programs, with logs
# of what they sent and got. Needs root, iproute2, ethtool, tcpdump, editcap,
# curl, openssl, node with npm, which brings packages, and mosquitto with its
# clients. Everything it starts is bounded and ended again.
set -eu
cd "$(dirname "$0")"
. ./cable.sh

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" \
	socket.io@4.8.4 socket.io-client@4.8.4 ws@8.23.0 mqtt@5.16.0
export NODE_PATH="$work/npm/node_modules"

# A certificate, a page, and a file that is a whole answer.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=www.example \
	-addext subjectAltName=DNS:www.example -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
mkdir "$work/www"
i=1
while [ $i -le 300 ]; do
	echo "Line $i of a text that is longer than one record can carry."
	i=$((i + 1))
done >"$work/www/long.txt"
printf 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nThe keys have changed.\n' >"$work/www/answer"

# serve COMMAND...: a server in its namespace; unserve ends it.
serve() {
	ip netns exec $b timeout 60 "$@" >/dev/null 2>"$work/server.err" &
	server=$!
	pids="$pids $server"
	sleep 1
}
unserve() {
	kill $server
	wait $server || true
}
client() { ip netns exec $a timeout 30 "$@"; }

# keep NAME: the capture and the secrets of its sessions, in one file.
keep() {
	sed -i '/ EXPORTER_SECRET /d; /^EXPORTER_SECRET /d' "$work/$1.keys"
	editcap -F pcapng --inject-secrets "tls,$work/$1.keys" "$work/$1.pcap" "$work/$1.pcapng"
	rm "$work/$1.pcap" "$work/$1.keys"
}

# curl over TLS: several answers over one connection, a request of several
# records, an answer in chunks, one that is packed.
# get NAME [curl's options]
get() {
	name=$1
	shift
	for of in one two; do
		set -- "$@" --http1.1 --raw -s --cacert "$work/cert.pem" --resolve www.example:443:192.0.2.2
		case $of in
		one) SSLKEYLOGFILE="$work/$name.keys" client curl "$@" --trace "$work/trace" -o /dev/null https://www.example/ \
			-o /dev/null https://www.example/long.txt -o /dev/null https://www.example/made -o /dev/null https://www.example/nobody ;;
		two) SSLKEYLOGFILE="$work/$name.keys" client curl "$@" --trace "$work/trace" -o /dev/null -H 'Expect:' \
			--data-binary @"$work/www/long.txt" https://www.example/answer \
			--next "$@" --compressed -o /dev/null https://www.example/packed ;;
		esac
		node programs/curl.js "$work/trace" "$work/$name.log"
	done
}
serve node programs/https.js "$work" /dev/null
capture tls13.pcap $a eth0 'tcp port 443'
get tls13
get tls13 --tls13-ciphers TLS_CHACHA20_POLY1305_SHA256
stop
keep tls13
unserve
serve node programs/https.js "$work" /dev/null TLSv1.2
capture tls12.pcap $a eth0 'tcp port 443'
get tls12
get tls12 --ciphers ECDHE-ECDSA-CHACHA20-POLY1305
stop
unserve

# Both sides change their keys (K), one does (k).
serve sh -c "cd '$work/www' && exec openssl s_server -quiet -HTTP -port 443 -cert ../cert.pem -key ../key.pem"
capture updates.pcap $a eth0 'tcp port 443'
(
	for line in K k K; do
		sleep 0.5
		echo $line
	done
	sleep 0.5
	printf 'GET /answer HTTP/1.0\r\n\r\n'
	sleep 5 # the server rests for a second after each record without data
) | client openssl s_client -connect 192.0.2.2:443 -keylogfile "$work/updates.keys" >/dev/null 2>&1
stop
keep updates
unserve
printf 'GET /answer HTTP/1.0\r\n\r\n' >"$work/asked"
node -e 'const log = require("./programs/log").logger(process.argv[1] + "/updates.log", "client"), fs = require("fs")
log("sent", fs.readFileSync(process.argv[1] + "/asked")); log("got", fs.readFileSync(process.argv[1] + "/www/answer"))' "$work"

# Socket.IO and WebSocket, in the clear and inside TLS.
for program in socketio ws; do
	scheme=http
	[ $program = ws ] && scheme=ws
	serve node programs/$program.js server "$work" "$work/$program.log"
	capture $program.pcap $a eth0 'tcp port 80'
	client node programs/$program.js client ${scheme}://192.0.2.2 "$work/$program.log"
	if [ $program = socketio ]; then # one who unpacks what the server packs
		at='http://192.0.2.2/socket.io/?EIO=4&transport=polling'
		sid=$(client curl -s "$at" | sed 's/.*"sid":"\([^"]*\)".*/\1/')
		poll() { client curl -s -o /dev/null --compressed "$at&sid=$sid"; }
		say() {
			client curl -s -o /dev/null -H 'Content-Type: text/plain;charset=UTF-8' --data-binary "4$1" "$at&sid=$sid"
			[ "$1" = 0 ] || node -e 'require("./programs/log").logger(process.argv[1], "client")("sent", process.argv[2])' \
				"$work/$program.log" "${1#2}"
		}
		say 0
		poll
		say '2["many",20]'
		poll
	fi
	stop
	unserve
	serve node programs/$program.js server "$work" "$work/${program}s.log" "$work/${program}s.keys"
	capture ${program}s.pcap $a eth0 'tcp port 443'
	client node programs/$program.js client ${scheme}s://192.0.2.2 "$work/${program}s.log"
	stop
	unserve
	keep ${program}s
done

# MQTT: one who hears, one who speaks, each quality of service in both versions;
# what is retained; a will; and over WebSocket.
cat >"$work/mosquitto.conf" <<END
allow_anonymous true
persistence false
log_dest none
listener 1883 192.0.2.2
listener 8080 192.0.2.2
protocol websockets
END
note() { node -e 'require("./programs/log").logger(process.argv[1], process.argv[2])(process.argv[3], Buffer.from(process.argv[4], "hex"))' "$@"; }
hear() { # VERSION COUNT [options]
	version=$1 count=$2
	shift 2
	client mosquitto_sub -h 192.0.2.2 -V $version -q 2 -F %x -C $count -W 10 "$@" >"$work/heard" &
	hearing=$!
	sleep 0.5
}
heard() {
	wait $hearing || true
	while read -r hex; do note "$work/mqtt.log" subscriber got "$hex"; done <"$work/heard"
}
tell() { # VERSION QOS TEXT [options]
	version=$1 qos=$2 text=$3
	shift 3
	note "$work/mqtt.log" publisher sent "$(printf %s "$text" | od -An -v -tx1 | tr -d ' \n')"
	client mosquitto_pub -h 192.0.2.2 -V $version -q $qos -t strata/news -m "$text" "$@"
}
serve mosquitto -c "$work/mosquitto.conf"
capture mqtt.pcap $a eth0 'tcp port 1883'
long=$(head -c 4000 "$work/www/long.txt")
for version in 311 5; do
	hear $version 4 -t 'strata/#'
	for qos in 0 1 2; do tell $version $qos "quality of service $qos, grün 漢字"; done
	tell $version 1 "$long"
	heard
done
hear 5 2 -t 'strata/#'
tell 5 1 '{"properties":true}' -D publish content-type application/json -D publish user-property one two -D publish message-expiry-interval 60
tell 5 1 'kept' -r
heard
hear 311 1 -t 'strata/#' # hears what was kept
heard
hear 5 1 -t last/words
client mosquitto_sub -h 192.0.2.2 -V 5 -i mortal -t nothing --will-topic last/words --will-payload 'I am gone.' --will-qos 1 &
sleep 0.7
kill -9 "$(ip netns pids $a | while read -r p; do tr '\0' ' ' <"/proc/$p/cmdline" | grep -q '^mosquitto_sub.*mortal' && echo "$p"; done)"
heard
stop
capture mqttws.pcap $a eth0 'tcp port 8080'
for version in 4 5; do client node programs/mqtt.js ws://192.0.2.2:8080 "$work/mqttws.log" $version; done
stop
unserve

mv "$work/tls12.keys" tls12.keys
sed -i '/^EXPORTER_SECRET /d' tls12.keys
mv "$work"/*.pcap "$work"/*.pcapng "$work"/*.log .

ls -l ./*.pcap ./*.pcapng ./*.log ./*.keys
