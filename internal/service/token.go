package service

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A token shows that a form came from a page that the service has made not long ago,
// for this story. It is a time, a random number, and a keyed hash of both and of what
// it is for; nothing is kept of it, so any instance can tell. Its key is the name by
// which the store knows again what was sent with it: so one token stores one comment,
// however often it is sent.

const (
	tokenSize = 8 + 16 + 16 // time, random, hash
	skew      = time.Minute // by which the clocks of two instances may differ
)

// newToken makes a token for a purpose, such as a form of a story.
func (s *Service) newToken(purpose, what string) string {
	b := make([]byte, 24, tokenSize)
	binary.BigEndian.PutUint64(b, uint64(s.Now().UnixMilli()))
	_, _ = rand.Read(b[8:]) // never fails
	b = append(b, mac(s.secret, "token", purpose, what, string(b))[:16]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// tokenAge is how long ago a token was made; false if it was not made here for this.
func (s *Service) tokenAge(token, purpose, what string) (time.Duration, bool) {
	if len(token) > 2*tokenSize {
		return 0, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenSize || !hmac.Equal(b[24:], mac(s.secret, "token", purpose, what, string(b[:24]))[:16]) {
		return 0, false
	}
	age := s.Now().Sub(time.UnixMilli(int64(binary.BigEndian.Uint64(b))))
	if age < 0 && age > -skew {
		age = 0
	}
	return age, age >= 0
}

// key is the name under which the store keeps what is sent with a token.
func (s *Service) key(token string) string { return sum(s.secret, "key", token) }

// The words by which a form's token is refused.
const (
	wrongToken = "token_wrong"
	oldToken   = "token_old"
	youngToken = "token_young"
	usedToken  = "token_used"
)

// refusal is why a form is refused for its token; "" if it is not.
func (s *Service) refusal(token, key, story string, least time.Duration) string {
	age, ok := s.tokenAge(token, "form", story)
	switch {
	case !ok || !hmac.Equal([]byte(key), []byte(s.key(token))):
		return wrongToken
	case age > old:
		return oldToken
	case age < least:
		return youngToken
	}
	return ""
}
