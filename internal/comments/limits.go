package comments

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// sweep is after how many that were let through old buckets are erased.
const sweep = 100

// Allow tells whether something may be done once more: at most that often in
// that time, first in a burst and then evenly, in all instances together. If not,
// it says how long to wait. A bucket is only known by a keyed hash of its name.
//
// A bucket is one number, the time at which it will be empty (the generic cell
// rate algorithm). One that is empty is like one that never was, so it is erased
// some time later; and who is refused only reads.
func (s *Store) Allow(ctx context.Context, bucket string, most int, per time.Duration, now time.Time) (ok bool, wait time.Duration, err error) {
	if most <= 0 || per <= 0 {
		return false, per, nil
	}
	key, err := s.Secret(ctx, "limits")
	if err != nil {
		return false, 0, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(bucket))
	name := hex.EncodeToString(mac.Sum(nil)[:16])
	each, whole, at := max(1, per.Microseconds()/int64(most)), per.Microseconds(), now.UnixMicro()
	wait, err = s.read(ctx).refused(name, each, whole, at)
	if err != nil || wait > 0 {
		return false, wait, s.told(err)
	}
	err = s.write(ctx, func(t tx) error {
		if s.allowed.Add(1)%sweep == 0 {
			if _, err := t.exec("DELETE FROM buckets WHERE until < $1", at); err != nil {
				return err
			}
		}
		n, err := t.exec(`INSERT INTO buckets (name, until) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE
			SET until = CASE WHEN buckets.until > $3 THEN buckets.until ELSE $3 END + $4
			WHERE CASE WHEN buckets.until > $3 THEN buckets.until ELSE $3 END + $4 <= $5`, name, at+each, at, each, at+whole)
		if err != nil {
			return err
		}
		if ok = n > 0; !ok {
			wait, err = t.refused(name, each, whole, at)
		}
		return err
	})
	return ok, wait, err
}

// refused is how long to wait, 0 if there is nothing to wait for.
func (t tx) refused(name string, each, whole, at int64) (time.Duration, error) {
	var until int64
	err := t.get([]any{&until}, "SELECT until FROM buckets WHERE name = $1", name)
	if err == ErrNone {
		return 0, nil
	}
	return time.Duration(max(0, max(until, at)+each-whole-at)) * time.Microsecond, err
}
