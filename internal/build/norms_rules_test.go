package build_test

var norms = []norm{}
