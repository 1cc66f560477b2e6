package tls

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// authority is the one that all simulated hosts trust: a key made from bytes
// that everybody can read, and its certificate.
var authority = sync.OnceValue(func() Certificate {
	seed := sha256.Sum256([]byte("Strata: the authority of simulated hosts"))
	key := ed25519.NewKeyFromSeed(seed[:])
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{"Strata"}, CommonName: "Simulated Root"},
		NotBefore: validFrom, NotAfter: validUntil, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		panic(err) // a constant
	}
	return Certificate{Chain: [][]byte{der}, Key: key}
})

// The time of validity of what the authority signs: whenever a simulation
// may play.
var (
	validFrom  = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	validUntil = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// Roots are the authority of simulated hosts.
func Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(parsed(authority()))
	return pool
}

func parsed(c Certificate) *x509.Certificate {
	root, err := x509.ParseCertificate(c.Chain[0])
	if err != nil {
		panic(err) // it was made here
	}
	return root
}

// Issue makes a key from r and a certificate for names and addresses of a
// server, signed by the authority of simulated hosts. There must be one name
// at least.
func Issue(r *rand.Rand, names ...string) (Certificate, error) {
	cfg := Config{Rand: r}
	key := ed25519.NewKeyFromSeed(cfg.random(ed25519.SeedSize))
	serial := new(big.Int).SetBytes(cfg.random(8))
	template := &x509.Certificate{SerialNumber: serial.SetBit(serial, 63, 0).Add(serial, big.NewInt(1)), Subject: pkix.Name{CommonName: names[0]},
		NotBefore: validFrom, NotAfter: validUntil, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	root := authority()
	der, err := x509.CreateCertificate(nil, template, parsed(root), key.Public(), root.Key)
	if err != nil {
		return Certificate{}, fmt.Errorf("tls: a certificate for %q: %w", names, err)
	}
	return Certificate{Chain: [][]byte{der}, Key: key}, nil
}
