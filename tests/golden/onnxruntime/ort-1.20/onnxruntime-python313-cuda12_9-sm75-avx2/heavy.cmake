# Read at the beginning of every project() call (CMAKE_PROJECT_INCLUDE_BEFORE). The targets in ORTFORGE_HEAVY_TARGETS,
# whose compiles need more memory than others, are compiled in a Ninja pool of their own. Its depth comes from the
# environment, ORTFORGE_HEAVY_JOBS, so that no recipe depends on the machine; without the variable there is no pool.
include_guard(GLOBAL)

# Runs when all targets are known.
function(ortforge_use_heavy_pool)
  get_property(pools GLOBAL PROPERTY JOB_POOLS)
  if(NOT pools)
    set(pools "${CMAKE_JOB_POOLS}")
  endif()
  set_property(GLOBAL PROPERTY JOB_POOLS ${pools} "ortforge_heavy=$ENV{ORTFORGE_HEAVY_JOBS}")
  foreach(target IN LISTS ORTFORGE_HEAVY_TARGETS)
    if(TARGET "${target}")
      set_property(TARGET "${target}" PROPERTY JOB_POOL_COMPILE ortforge_heavy)
    else()
      message(WARNING "There is no target ${target} to put into the pool of heavy compiles.")
    endif()
  endforeach()
endfunction()

if(DEFINED ENV{ORTFORGE_HEAVY_JOBS})
  cmake_language(DEFER CALL ortforge_use_heavy_pool)
endif()
