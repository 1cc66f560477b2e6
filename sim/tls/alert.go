package tls

import (
	"errors"
	"fmt"
)

// Alert is what one side tells the other when a session ends or fails (RFC
// 8446 section 6).
type Alert uint8

// The alerts that are sent here.
const (
	CloseNotify           Alert = 0
	UnexpectedMessage     Alert = 10
	BadRecordMAC          Alert = 20
	RecordOverflow        Alert = 22
	HandshakeFailure      Alert = 40
	BadCertificate        Alert = 42
	CertificateExpired    Alert = 45
	IllegalParameter      Alert = 47
	UnknownCA             Alert = 48
	DecodeError           Alert = 50
	DecryptError          Alert = 51
	ProtocolVersion       Alert = 70
	InternalError         Alert = 80
	userCanceled          Alert = 90
	MissingExtension      Alert = 109
	UnsupportedExtension  Alert = 110
	NoApplicationProtocol Alert = 120
)

// alertNames are the names of RFC 8446 section 6.
var alertNames = map[Alert]string{
	CloseNotify: "close_notify", UnexpectedMessage: "unexpected_message", BadRecordMAC: "bad_record_mac", RecordOverflow: "record_overflow",
	HandshakeFailure: "handshake_failure", BadCertificate: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked",
	CertificateExpired: "certificate_expired", 46: "certificate_unknown", IllegalParameter: "illegal_parameter", UnknownCA: "unknown_ca",
	49: "access_denied", DecodeError: "decode_error", DecryptError: "decrypt_error", ProtocolVersion: "protocol_version",
	71: "insufficient_security", InternalError: "internal_error", 86: "inappropriate_fallback", userCanceled: "user_canceled",
	MissingExtension: "missing_extension", UnsupportedExtension: "unsupported_extension", 112: "unrecognized_name",
	113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required", NoApplicationProtocol: "no_application_protocol",
}

// String is the alert's name in the RFC.
func (a Alert) String() string {
	if name := alertNames[a]; name != "" {
		return name
	}
	return fmt.Sprintf("alert %d", uint8(a))
}

// Error is why a session failed.
type Error struct {
	Alert Alert
	Peer  bool  // the peer has sent the alert; else it was sent to the peer
	Cause error // what is wrong; nil: the peer did not say more
}

func (e *Error) Error() string {
	switch {
	case e.Peer:
		return "tls: the peer refuses to go on: " + e.Alert.String()
	default:
		return "tls: " + e.Cause.Error() + " (" + e.Alert.String() + ")"
	}
}

func (e *Error) Unwrap() error { return e.Cause }

// fail is an error that the peer is to be told of.
func fail(a Alert, format string, args ...any) error {
	return &Error{Alert: a, Cause: fmt.Errorf(format, args...)}
}

// alertOf is the alert that an error is told by; false: it is none of the
// session's, but the connection's.
func alertOf(err error) (Alert, bool) {
	var e *Error
	if errors.As(err, &e) && !e.Peer {
		return e.Alert, true
	}
	return 0, false
}
