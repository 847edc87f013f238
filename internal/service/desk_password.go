package service

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// What a password of the desk costs whoever guesses: 64 MiB and a tenth of a
// second each time. The form in which it is kept says so, so that dearer ones can
// come later and old ones still be compared.
const (
	hashTime   = 1
	hashMemory = 64 << 10 // KiB
	hashLanes  = 1
)

// How long a password is, in letters. Longer ones than most are refused before they are hashed.
const (
	shortestPassword = 12
	longestPassword  = 200
)

// ErrPassword is what Hash says of a password that is too short or too long.
var ErrPassword = fmt.Errorf("a password has %d to %d characters", shortestPassword, longestPassword)

// Hash is a password as an account keeps it, by argon2id and with a salt of its own.
func Hash(password string) ([]byte, error) {
	password = norm.NFC.String(password)
	if n := utf8.RuneCountInString(password); n < shortestPassword || n > longestPassword {
		return nil, ErrPassword
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashLanes, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Appendf(nil, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes, b64(salt), b64(sum)), nil
}

var errHash = errors.New("a password is kept in a form that this version of stet does not know")

// matches tells whether a password is the one that was hashed.
func matches(hash []byte, password string) (bool, error) {
	parts := strings.Split(string(hash), "$")
	var version, memory, rounds uint32
	var lanes uint8
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errHash
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &rounds, &lanes); err != nil || version != argon2.Version ||
		memory > 1<<20 || rounds < 1 || rounds > 10 || lanes < 1 {
		return false, errHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(sum) < 16 {
		return false, errHash
	}
	got := argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, rounds, memory, lanes, uint32(len(sum)))
	return subtle.ConstantTimeCompare(got, sum) == 1, nil
}

// nobody is what the password of an unknown account is compared with, so that it
// takes as long as that of a known one.
var nobody = fmt.Appendf(nil, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes,
	base64.RawStdEncoding.EncodeToString(make([]byte, 16)), base64.RawStdEncoding.EncodeToString(make([]byte, 32)))

// AccountName is the name of an account as it is kept, whoever types it how: in
// small letters. It is "" for what is no name: 1 to 40 letters, digits, and . - _ between them.
func AccountName(typed string) string {
	name := norm.NFC.String(strings.ToLower(strings.TrimSpace(typed)))
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_", r) {
			return ""
		}
	}
	if utf8.RuneCountInString(name) > 40 || strings.Trim(name, ".-_") != name {
		return ""
	}
	return name
}

// A lathe hashes a few passwords at a time, so that many who sign in at once do not
// take the machine's memory.
type lathe chan struct{}

// turn runs f when there is room, unless whoever asked has gone.
func (l lathe) turn(ctx context.Context, f func()) error {
	select {
	case l <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l }()
	f()
	return nil
}
