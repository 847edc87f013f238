package deploy

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kevinburke/ssh_config"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"
)

// passwordName is where the password of an SFTP target is, if one is needed.
const passwordName = "STET_SFTP_PASSWORD"

// A login is how a server is reached by SSH: as OpenSSH would, as far as that
// goes.
type login struct {
	user, host, port string
	identities       []string // files with private keys
	given            bool     // they were asked for, so that a missing one is told
	known            []string // files of known hosts
	hosts            string   // the file to which the user adds a host
	agent            string   // its socket
	password         string
}

// loginOf says how to reach what an address names. The user's ssh configuration
// is asked for what the address leaves open.
func loginOf(u *url.URL, m Means) (*login, error) {
	alias := u.Hostname()
	l := &login{user: u.User.Username(), port: u.Port(), agent: m.Env("SSH_AUTH_SOCK"), password: m.Env(passwordName)}
	dir := filepath.Join(m.Home, ".ssh")
	file := filepath.Join(dir, "config")
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, &Refused{Text: "the ssh configuration cannot be read: " + err.Error(), Hint: "make it readable for you: chmod 600 " + file, Err: err}
	}
	c, err := ssh_config.Decode(bytes.NewReader(data))
	if err != nil { // such as Match exec
		if l.user == "" || l.port == "" {
			return nil, &Refused{Text: fmt.Sprintf("%s cannot be understood: %s", file, err), Hint: "write all of it into site.yaml, then that file is not needed: sftp://USER@HOST:22/PATH", Err: err}
		}
		c = &ssh_config.Config{}
	}
	get := func(key string) string {
		value, _ := c.Get(alias, key)
		return value
	}
	l.host = strings.ReplaceAll(cmp.Or(get("HostName"), alias), "%h", alias)
	l.port = cmp.Or(l.port, get("Port"), "22")
	if l.user = cmp.Or(l.user, get("User"), m.Env("USER"), m.Env("LOGNAME")); l.user == "" {
		return nil, &Refused{Text: "nobody knows as which user to log in at " + l.host, Hint: "write sftp://USER@" + alias + u.EscapedPath()}
	}
	l.identities, _ = c.GetAll(alias, "IdentityFile")
	l.given = len(l.identities) > 0
	for i, name := range l.identities {
		l.identities[i] = l.expand(name, m.Home)
	}
	if !l.given {
		for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
			l.identities = append(l.identities, filepath.Join(dir, name))
		}
	}
	l.hosts = filepath.Join(dir, "known_hosts")
	for _, name := range []string{l.hosts, l.hosts + "2", "/etc/ssh/ssh_known_hosts"} {
		if _, err := os.Stat(name); err == nil {
			l.known = append(l.known, name)
		}
	}
	return l, nil
}

func (l *login) expand(name, home string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		name = filepath.Join(home, rest)
	}
	name = strings.NewReplacer("%d", home, "%h", l.host, "%r", l.user, "%%", "%").Replace(name)
	if !filepath.IsAbs(name) {
		name = filepath.Join(home, name)
	}
	return name
}

func (l *login) address() string { return net.JoinHostPort(l.host, l.port) }

// patience is how long a server may take to say anything.
const patience = 30 * time.Second

// dial logs in.
func (l *login) dial(ctx context.Context) (*ssh.Client, error) {
	check, kinds, err := l.hostKeys()
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", l.address())
	if err != nil {
		var dns *net.DNSError
		if errors.As(err, &dns) && dns.IsNotFound {
			return nil, &Refused{Text: "there is no server named " + l.host, Hint: "look at the address in site.yaml", Err: err}
		}
		return nil, fmt.Errorf("the server cannot be reached: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	offer, err := l.offer(ctx)
	if err != nil {
		conn.Close()
		return nil, err
	}
	defer offer.close()
	late := time.AfterFunc(patience, func() { conn.Close() })
	defer late.Stop()
	c, channels, requests, err := ssh.NewClientConn(conn, l.address(), &ssh.ClientConfig{
		User: l.user, Auth: offer.methods, HostKeyCallback: check, HostKeyAlgorithms: kinds,
	})
	if err != nil {
		conn.Close()
		return nil, l.refused(err, offer)
	}
	return ssh.NewClient(c, channels, requests), nil
}

// An offer is what one can show to be let in.
type offer struct {
	methods []ssh.AuthMethod
	locked  []string        // keys that have a passphrase
	wanted  []ssh.PublicKey // of these, and of those that are named by their public part: the agent may hold them
	agent   net.Conn
}

func (o *offer) close() {
	if o.agent != nil {
		o.agent.Close()
	}
}

// offer gathers keys of files and of the agent, and the password.
func (l *login) offer(ctx context.Context) (*offer, error) {
	o := new(offer)
	var keys []ssh.Signer
	for _, name := range l.identities {
		data, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) && !l.given {
			continue
		}
		if err != nil {
			return nil, &Refused{Text: "the key cannot be read: " + err.Error(), Hint: "look at IdentityFile in ~/.ssh/config", Err: err}
		}
		key, err := ssh.ParsePrivateKey(data)
		var locked *ssh.PassphraseMissingError
		switch {
		case errors.As(err, &locked):
			o.locked = append(o.locked, name)
			if locked.PublicKey != nil {
				o.wanted = append(o.wanted, locked.PublicKey)
			}
		case err == nil:
			keys = append(keys, key)
		case l.given && publicKey(data) != nil:
			o.wanted = append(o.wanted, publicKey(data))
		case l.given:
			return nil, &Refused{Text: fmt.Sprintf("%s is no private key: %s", name, err), Hint: "look at IdentityFile in ~/.ssh/config", Err: err}
		}
	}
	if l.agent != "" {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "unix", l.agent); err == nil {
			o.agent = conn
			if held, err := agent.NewClient(conn).Signers(); err == nil {
				slices.SortStableFunc(held, func(a, b ssh.Signer) int { return o.rank(a) - o.rank(b) })
				keys = append(keys, held...)
			}
		}
	}
	if len(keys) > 0 {
		o.methods = append(o.methods, ssh.PublicKeys(keys...))
	}
	if l.password != "" {
		o.methods = append(o.methods, ssh.Password(l.password), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, _ []bool) ([]string, error) {
				return slices.Repeat([]string{l.password}, len(questions)), nil
			}))
	}
	return o, nil
}

// publicKey is the public part of a key, if that is what is in a file.
func publicKey(data []byte) ssh.PublicKey {
	key, _, _, _, _ := ssh.ParseAuthorizedKey(data)
	return key
}

// rank has keys of the agent that the user names come first: servers hear of a few
// only.
func (o *offer) rank(s ssh.Signer) int {
	if slices.ContainsFunc(o.wanted, func(k ssh.PublicKey) bool { return bytes.Equal(k.Marshal(), s.PublicKey().Marshal()) }) {
		return 0
	}
	return 1
}

// hostKeys checks the key that the server shows, and says which kinds of keys are
// known of it: a server that shows one of another kind would seem to be another.
func (l *login) hostKeys() (ssh.HostKeyCallback, []string, error) {
	check, err := knownhosts.New(l.known...)
	if err != nil {
		return nil, nil, &Refused{Text: "the list of known hosts cannot be read: " + err.Error(), Hint: "mend that line, or remove it", Err: err}
	}
	var kinds []string
	var unlike *knownhosts.KeyError
	if err := check(l.address(), &net.TCPAddr{}, noKey{}); errors.As(err, &unlike) {
		for _, k := range unlike.Want {
			kind := k.Key.Type()
			if kind == ssh.KeyAlgoRSA {
				kinds = append(kinds, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			}
			kinds = append(kinds, kind)
		}
	}
	return func(host string, remote net.Addr, key ssh.PublicKey) error {
		err := check(host, remote, key)
		var unlike *knownhosts.KeyError
		var revoked *knownhosts.RevokedError
		switch {
		case errors.As(err, &revoked):
			return &Refused{Text: fmt.Sprintf("the key of %s was revoked (%s:%d)", l.host, revoked.Revoked.Filename, revoked.Revoked.Line), Hint: "do not go on: ask those who run the server", Err: err}
		case errors.As(err, &unlike) && len(unlike.Want) == 0:
			return &Refused{
				Text: fmt.Sprintf("the server %s is not known: its key is %s %s", l.host, key.Type(), ssh.FingerprintSHA256(key)),
				Hint: "compare that with what those who run the server say of it, and only if it is the same add this line to " + l.hosts + "\n" + knownhosts.Line([]string{l.address()}, key),
				Err:  err,
			}
		case errors.As(err, &unlike):
			w := unlike.Want[0]
			return &Refused{
				Text: fmt.Sprintf("the server at %s is NOT the one you know: it shows the key %s %s, and %s:%d has another", l.host, key.Type(), ssh.FingerprintSHA256(key), w.Filename, w.Line),
				Hint: "nothing was sent, as somebody may be listening in: ask those who run the server whether its key was changed, and only then remove that line",
				Err:  err,
			}
		}
		return err
	}, kinds, nil
}

// A noKey is the key of no server.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return nil }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }

// refused says why one was not let in.
func (l *login) refused(err error, o *offer) error {
	var known *Refused
	if errors.As(err, &known) {
		return known
	}
	if !strings.Contains(err.Error(), "unable to authenticate") {
		return fmt.Errorf("the server did not greet: %w", err)
	}
	hint := "put your public key there (ssh-copy-id " + l.user + "@" + l.host + "), or set " + passwordName
	switch {
	case len(o.locked) > 0:
		hint = "that key has a passphrase, so give it to your ssh agent: ssh-add " + o.locked[0]
	case l.password != "":
		hint = "look at the user's name and at " + passwordName
	}
	return &Refused{Text: fmt.Sprintf("%s does not let %s in", l.host, l.user), Hint: hint, Err: err}
}
