package site

import (
	"html/template"
	"time"
)

// A Commenting is what pages say where readers may say something: the answer to
// "commenting LANG". Question, Yes and No are "" if site.yaml does not say them.
type Commenting struct {
	Lang              string // of the edition
	Service           string // where forms send to; ends in a slash
	Policy            string // URL of the rules, "" if there are none
	Length            int    // of a comment at most
	Question, Yes, No string
}

// A Said are the files of what readers have said of a story, and the URL of the
// feed that tells it: the answer to "said PATH".
type Said struct{ Thread, Tally, Feed string }

// Threads are the files of comments of an edition by the paths of their stories,
// with what their feed says of the paper: the answer to "threads LANG".
type Threads struct {
	Title, Lang, Dir string
	Heading          string // "Comments", in its language
	URL, Permalink   string // of the front page
	Self             string // absolute URL of the folder the feed lies in; "" without base_url
	Files            map[string]string
}

// A Thread is what readers have said of a story: the answer to "thread LANG PATH".
type Thread struct {
	Count    int
	Comments []Comment // that answer no other, the oldest first
	Newest   []Comment // some, the newest first, without what answers them
	Feed     string    // URL of the feed of comments; "" if there is none
}

// A Comment is what one reader has said. Replies go down to the third level; what
// answers one of that level stands beside it, and has the name of whom it answers.
type Comment struct {
	ID      string // of the comment in its thread; that of its element is comment-ID
	Name    string // plain
	Paper   bool   // the paper itself says it
	Time    time.Time
	Text    template.HTML
	Plain   string
	Parent  string // the ID of the comment that is answered; "" if none that is there
	To      string // whom it answers, where that stands beside it and not above
	Replies []Comment
}

// A Tally is how readers answered whether they like a story: the answer to "tally
// PATH". There is none below so many answers that it says something.
type Tally struct{ Yes, No, Count int }

// A CommentFeed are the newest comments of an edition: the answer to
// "newestcomments LANG N".
type CommentFeed struct {
	Threads // without Files
	Updated time.Time
	Items   []CommentItem
}

// A CommentItem is a comment with the story it is on.
type CommentItem struct {
	Comment          // without Replies
	URL       string // of the story, without the place in it
	Permalink string // the same, absolute; "" without base_url
	Headline  string // of the story
}
