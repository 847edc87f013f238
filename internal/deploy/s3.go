package deploy

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// A bucket is a target in a store that speaks S3. An object is there whole or not
// at all by the rules of S3, and the lock rests on requests with conditions.
type bucket struct {
	core           *minio.Core
	bucket, prefix string
	host           string
}

func init() { schemes["s3"] = openS3 }

// openS3 opens s3://BUCKET/PREFIX?endpoint=HOST&region=REGION&profile=NAME.
func openS3(_ context.Context, to string, m Means) (Target, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, &Refused{Text: "that is no bucket", Hint: "write it like s3://my-bucket?region=eu-central-1"}
	}
	q := u.Query()
	b := &bucket{bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	if b.prefix != "" {
		b.prefix += "/"
	}
	secure, host := true, q.Get("endpoint")
	if rest, ok := strings.CutPrefix(host, "http://"); ok {
		secure, host = false, rest
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "https://"), "/")
	region := cmp.Or(q.Get("region"), m.Env("AWS_REGION"), m.Env("AWS_DEFAULT_REGION"))
	if b.host = host; host == "" {
		host, b.host = "s3.amazonaws.com", "Amazon S3"
	} else if region == "" {
		region = "us-east-1"
	}
	keys := credentialsOf(m, q.Get("profile"))
	if value, err := keys.GetWithContext(nil); err != nil || value.AccessKeyID == "" {
		return nil, &Refused{Text: "there is no key for " + b.Name(), Hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials (&profile=NAME names another than default)"}
	}
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupAuto
	switch q.Get("style") {
	case "path":
		lookup = minio.BucketLookupPath
	case "host":
		lookup = minio.BucketLookupDNS
	}
	b.core, err = minio.NewCore(host, &minio.Options{Creds: keys, Secure: secure, Region: region, MaxRetries: 1, Transport: transport, BucketLookup: lookup})
	if err != nil {
		return nil, &Refused{Text: err.Error(), Hint: "write the endpoint like endpoint=s3.example.org or endpoint=http://127.0.0.1:9000", Err: err}
	}
	return b, nil
}

// credentialsOf takes keys from where AWS's own tools do.
func credentialsOf(m Means, profile string) *credentials.Credentials {
	if id := m.Env("AWS_ACCESS_KEY_ID"); id != "" && profile == "" {
		return credentials.NewStaticV4(id, m.Env("AWS_SECRET_ACCESS_KEY"), m.Env("AWS_SESSION_TOKEN"))
	}
	file := cmp.Or(m.Env("AWS_SHARED_CREDENTIALS_FILE"), filepath.Join(m.Home, ".aws", "credentials"))
	chain := []credentials.Provider{&credentials.FileAWSCredentials{Filename: file, Profile: cmp.Or(profile, m.Env("AWS_PROFILE"), "default")}}
	// Asking the machine takes long where there is nobody to answer.
	for _, name := range []string{"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"} {
		if m.Env(name) != "" {
			chain = append(chain, &credentials.IAM{Client: &http.Client{}})
			break
		}
	}
	return credentials.NewChainCredentials(chain)
}

func (b *bucket) Name() string { return "s3://" + b.bucket + "/" + b.prefix + " at " + b.host }

func (b *bucket) key(name string) string { return b.prefix + name }

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, _, _, err := b.core.GetObject(ctx, b.bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, b.refused(err)
	}
	return r, nil
}

func (b *bucket) Put(ctx context.Context, o Object, body io.ReadSeeker) error {
	return b.put(ctx, o, body, minio.PutObjectOptions{})
}

// single is how large an object may be that is sent in one request.
const single = 64 << 20

func (b *bucket) put(ctx context.Context, o Object, body io.Reader, opt minio.PutObjectOptions) error {
	opt.ContentType, opt.CacheControl, opt.ContentEncoding = o.Header.Type, o.Header.Cache, o.Header.Encoding
	opt.WebsiteRedirectLocation = o.Header.Redirect
	var err error
	if o.Size <= single {
		// The sum of the whole is signed. The library's own way is to sign parts
		// over plain HTTP, and some stores then tell browsers of a Content-Encoding
		// that is none.
		opt.DisableContentSha256 = true
		_, err = b.core.PutObject(ctx, b.bucket, b.key(o.Path), onlyReader{body}, o.Size, "", o.SHA256, opt)
	} else {
		_, err = b.core.Client.PutObject(ctx, b.bucket, b.key(o.Path), onlyReader{body}, o.Size, opt)
	}
	return b.refused(err)
}

// An onlyReader keeps the library from closing a file that is sent once more.
type onlyReader struct{ io.Reader }

func (b *bucket) Copy(ctx context.Context, from, to string) error {
	_, err := b.core.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: b.bucket, Object: b.key(to)}, minio.CopySrcOptions{Bucket: b.bucket, Object: b.key(from)})
	return b.refused(err)
}

func (b *bucket) Describe(ctx context.Context, name string) (Header, error) {
	info, err := b.core.Client.StatObject(ctx, b.bucket, b.key(name), minio.StatObjectOptions{})
	h := info.Metadata
	if err != nil {
		return Header{}, b.refused(err)
	}
	return Header{Type: info.ContentType, Cache: h.Get("Cache-Control"), Encoding: h.Get("Content-Encoding"), Redirect: h.Get("X-Amz-Website-Redirect-Location")}, nil
}

func (b *bucket) Remove(ctx context.Context, names []string) error {
	if len(names) > 1 {
		err := b.removeMany(ctx, names)
		switch code := minio.ToErrorResponse(err); {
		case code.Code != "NotImplemented" && code.Code != "MethodNotAllowed" && code.StatusCode != http.StatusNotImplemented:
			return b.refused(err)
		}
	}
	for _, name := range names { // Google's store knows no other way
		err := b.refused(b.core.Client.RemoveObject(ctx, b.bucket, b.key(name), minio.RemoveObjectOptions{}))
		if err != nil && !errors.Is(err, ErrNone) {
			return err
		}
	}
	return nil
}

func (b *bucket) removeMany(ctx context.Context, names []string) (err error) {
	all := make(chan minio.ObjectInfo, len(names))
	for _, name := range names {
		all <- minio.ObjectInfo{Key: b.key(name)}
	}
	close(all)
	for failed := range b.core.Client.RemoveObjects(ctx, b.bucket, all, minio.RemoveObjectsOptions{}) {
		if minio.ToErrorResponse(failed.Err).Code != "NoSuchKey" {
			err = failed.Err
		}
	}
	return err
}

var md5Form = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

func (b *bucket) List(ctx context.Context, visit func(Object) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for info := range b.core.Client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if info.Err != nil {
			return b.refused(info.Err)
		}
		o := Object{Path: strings.TrimPrefix(info.Key, b.prefix), Size: info.Size}
		if !sendable(o.Path) {
			continue
		}
		if sum := strings.Trim(info.ETag, `"`); md5Form.MatchString(sum) { // else it came in parts, or is encrypted
			o.MD5 = sum
		}
		if err := visit(o); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) Lock(ctx context.Context, l Lock) error {
	data := l.Bytes()
	r, info, _, err := b.core.GetObject(ctx, b.bucket, b.key(lockPath), minio.GetObjectOptions{})
	opt := minio.PutObjectOptions{}
	if err := b.refused(err); errors.Is(err, ErrNone) {
		opt.SetMatchETagExcept("*")
	} else if err != nil {
		return err
	} else {
		written, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return err
		}
		if err := l.Held(written); err != nil {
			return err
		}
		opt.SetMatchETag(strings.Trim(info.ETag, `"`))
	}
	err = b.put(ctx, objectOf(lockPath, data), bytes.NewReader(data), opt)
	switch answer := minio.ToErrorResponse(err); {
	case answer.Code == "PreconditionFailed", answer.Code == "ConditionalRequestConflict":
		return fmt.Errorf("somebody else takes the lock at this moment: %w", err)
	case answer.Code == "NotImplemented": // a store without conditions: two at the very same moment would not see each other
		return b.put(ctx, objectOf(lockPath, data), bytes.NewReader(data), minio.PutObjectOptions{})
	}
	return err
}

func (b *bucket) Unlock(ctx context.Context, l Lock) error {
	r, err := b.Get(ctx, lockPath)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	written, err := io.ReadAll(r)
	r.Close()
	if err != nil || l.Held(written) != nil {
		return err
	}
	return b.Remove(ctx, []string{lockPath})
}

func (b *bucket) Finish(context.Context, string) error { return nil }

// refused tells apart what passes and what does not.
func (b *bucket) refused(err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	text, hint := "", ""
	switch answer.Code {
	case "NoSuchKey":
		return ErrNone
	case "NoSuchBucket":
		text, hint = "there is no bucket "+b.bucket+" at "+b.host, "make it, or correct its name in site.yaml"
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "InvalidClientTokenId", "TokenRefreshRequired":
		text, hint = "the key is not accepted by "+b.host, "see to it that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials, have a key of this store"
	case "AccessDenied", "AllAccessDisabled", "Forbidden":
		text, hint = "the key has no right to that in the bucket "+b.bucket, "it needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket; docs/hosting.md has the smallest policy"
	case "RequestTimeTooSkewed":
		text, hint = "the clock of this machine is wrong", "set it, and run it again"
	case "QuotaExceeded", "XMinioStorageFull", "XAdminBucketQuotaExceeded", "InsufficientStorage":
		text, hint = "there is no room left in the bucket "+b.bucket, "make room and run it again: it goes on where it stopped"
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		text, hint = "the bucket is in another region", "write its region behind the bucket's name, such as ?region=eu-central-1"
	default:
		if answer.StatusCode == http.StatusInsufficientStorage {
			text, hint = "there is no room left in the bucket "+b.bucket, "make room and run it again: it goes on where it stopped"
			break
		}
		return err
	}
	return &Refused{Text: text, Hint: hint, Err: err}
}
