# Functions for prepare.cmake: copy sources to src/ and edit them. Whatever does not fit is an error that names both the
# edit and the file; nothing is skipped.

# Makes src/NAME a writable copy of sources/NAME (or of a folder below it), with times and execute bits kept. Every .git
# is left out: it is no part of a source's digest, so nothing may come to depend on it.
function(ortforge_copy name subdirectory)
  set(from "${root}/sources/${name}")
  if(NOT subdirectory STREQUAL "")
    string(APPEND from "/${subdirectory}")
  endif()
  if(NOT IS_DIRECTORY "${from}")
    message(FATAL_ERROR "source ${name}: the folder ${from} is missing")
  endif()
  file(REMOVE_RECURSE "${root}/src/${name}")
  file(MAKE_DIRECTORY "${root}/src/${name}")
  execute_process(COMMAND cp -R --preserve=mode,timestamps,links "${from}/." "${root}/src/${name}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R u+w "${root}/src/${name}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND find "${root}/src/${name}" -name .git -prune -exec rm -rf {} + COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Applies src/FROM/FILE to src/SOURCE with patch -p1; further arguments go to patch(1).
function(ortforge_patch source from file)
  set(patch_file "${root}/src/${from}/${file}")
  if(NOT EXISTS "${patch_file}")
    message(FATAL_ERROR "patch of ${source}: ${from}/${file} is missing")
  endif()
  execute_process(
    COMMAND patch --batch --no-backup-if-mismatch -p1 ${ARGN} -i "${patch_file}"
    WORKING_DIRECTORY "${root}/src/${source}" RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status STREQUAL "0")
    message(FATAL_ERROR "patch ${from}/${file} does not apply to ${source}:\n${said}")
  endif()
endfunction()

# Replaces every occurrence of a text in src/SOURCE/FILE; at least one must be there.
function(ortforge_replace number source file from to)
  set(path "${root}/src/${source}/${file}")
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "substitutions[${number}]: the file ${source}/${file} is missing")
  endif()
  file(READ "${path}" content)
  string(FIND "${content}" "${from}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "substitutions[${number}] no longer matches ${source}/${file}: this text is not in it:\n${from}")
  endif()
  string(REPLACE "${from}" "${to}" content "${content}")
  file(WRITE "${path}" "${content}")
endfunction()

# Removes every line of src/SOURCE/FILE that holds a text, and `following` lines after each; at least one must be there.
function(ortforge_delete_lines number source file from following)
  set(path "${root}/src/${source}/${file}")
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "substitutions[${number}]: the file ${source}/${file} is missing")
  endif()
  file(READ "${path}" rest)
  set(kept "")
  set(skip 0)
  set(found FALSE)
  while(NOT rest STREQUAL "")
    string(FIND "${rest}" "\n" end)
    if(end EQUAL -1)
      set(line "${rest}")
      set(rest "")
    else()
      math(EXPR length "${end} + 1")
      string(SUBSTRING "${rest}" 0 ${length} line)
      string(SUBSTRING "${rest}" ${length} -1 rest)
    endif()
    string(FIND "${line}" "${from}" position)
    if(NOT position EQUAL -1)
      set(found TRUE)
      set(skip ${following})
    elseif(skip GREATER 0)
      math(EXPR skip "${skip} - 1")
    else()
      string(APPEND kept "${line}")
    endif()
  endwhile()
  if(NOT found)
    message(FATAL_ERROR "substitutions[${number}] no longer matches ${source}/${file}: no line holds this text:\n${from}")
  endif()
  file(WRITE "${path}" "${kept}")
endfunction()

# Writes src/SOURCE/FILE, new or over what is there.
function(ortforge_write_file number source file content)
  file(WRITE "${root}/src/${source}/${file}" "${content}")
endfunction()

# Removes src/SOURCE/FILE, which must be there.
function(ortforge_delete_file number source file)
  if(NOT EXISTS "${root}/src/${source}/${file}")
    message(FATAL_ERROR "substitutions[${number}]: the file ${source}/${file}, which it deletes, is missing")
  endif()
  file(REMOVE "${root}/src/${source}/${file}")
endfunction()

# Lets `cmake --preset` in src/DIRECTORY see the presets of this recipe.
function(ortforge_preset_stub directory)
  file(RELATIVE_PATH presets "${root}/src/${directory}" "${root}/recipe/CMakePresets.json")
  file(WRITE "${root}/src/${directory}/CMakeUserPresets.json"
    "{\n  \"version\": 4,\n  \"cmakeMinimumRequired\": {\"major\": 3, \"minor\": 23, \"patch\": 0},\n  \"include\": [\"${presets}\"]\n}\n")
endfunction()
