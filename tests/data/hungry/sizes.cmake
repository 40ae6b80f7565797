set(files 8)
set(mebibytes 180)
