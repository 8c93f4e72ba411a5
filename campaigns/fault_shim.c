/* Fails, or kills the process at, the n-th system call that changes files below a folder.
 *
 * Loaded by LD_PRELOAD; does nothing until `fault_arm` is called. Every counted call is a line in a
 * log: its number, its name, and its path. Calls of SQLite, of Python and of its libraries all pass
 * here, as they call the C library; writes to mapped memory do not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { COUNT, NO_SPACE, IO_ERROR, SHORT_WRITE, FULL_DISK, KILL };

static char root[PATH_MAX];
static size_t root_chars;
static long failing_step, step;
static int armed, kind, log_fd = -1;

void fault_arm(const char *folder, long number, int kind_of_fault, int fd)
{
    strncpy(root, folder, sizeof root - 1);
    root_chars = strlen(root);
    failing_step = number;
    kind = kind_of_fault;
    log_fd = fd;
    step = 0;
    armed = 1;
}

void fault_disarm(void) { armed = 0; }

static int is_below(const char *path)
{
    return strncmp(path, root, root_chars) == 0 && (path[root_chars] == '/' || path[root_chars] == 0);
}

/* Put the path of a descriptor into `path`; return whether it is below the folder. */
static int descriptor_below(int fd, char *path)
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_below(path);
}

static int path_below(int folder, const char *name, char *path)
{
    if (name[0] == '/' || folder == AT_FDCWD) {
        snprintf(path, PATH_MAX, "%s", name);
        return is_below(path);
    }
    if (!descriptor_below(folder, path))
        return 0;
    size_t length = strlen(path);
    snprintf(path + length, PATH_MAX - length, "/%s", name);
    return 1;
}

/* Count the call. Return 0 to run it, the number of an error, or -1 to write half.
 * Errors that the call cannot have are not raised: only what needs space can lack it. */
static int next_step(const char *call, const char *path, int needs_space, int is_write)
{
    char line[PATH_MAX + 64];
    long number = __sync_add_and_fetch(&step, 1);
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    syscall(SYS_write, log_fd, line, (size_t)length);
    if (kind == FULL_DISK && number > failing_step && needs_space)
        return ENOSPC;
    if (number != failing_step)
        return 0;
    switch (kind) {
    case NO_SPACE:
        return needs_space ? ENOSPC : 0;
    case IO_ERROR:
        return EIO;
    case SHORT_WRITE:
        return is_write ? -1 : 0;
    case FULL_DISK:
        return is_write ? -1 : needs_space ? ENOSPC : 0;
    case KILL:
        kill(getpid(), SIGKILL);
        pause();
    }
    return 0;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* Run the call unless this step fails. */
#define STEP(below, call, needs_space) \
    if (armed && (below)) { \
        int fault = next_step(call, path, needs_space, 0); \
        if (fault > 0) { \
            errno = fault; \
            return -1; \
        } \
    }
#define WRITE_STEP(call) \
    if (armed && descriptor_below(fd, path)) { \
        int fault = next_step(call, path, 1, 1); \
        if (fault > 0) { \
            errno = fault; \
            return -1; \
        } \
        if (fault < 0 && size > 1) \
            size /= 2; \
    }

ssize_t write(int fd, const void *data, size_t size)
{
    char path[PATH_MAX];
    REAL(write);
    WRITE_STEP("write")
    return real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    char path[PATH_MAX];
    REAL(pwrite);
    WRITE_STEP("pwrite")
    return real(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    char path[PATH_MAX];
    REAL(pwrite64);
    WRITE_STEP("pwrite")
    return real(fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int size)
{
    char path[PATH_MAX];
    REAL(writev);
    WRITE_STEP("writev")
    return real(fd, parts, size);
}

int fsync(int fd)
{
    char path[PATH_MAX];
    REAL(fsync);
    STEP(descriptor_below(fd, path), "fsync", 1)
    return real(fd);
}

int fdatasync(int fd)
{
    char path[PATH_MAX];
    REAL(fdatasync);
    STEP(descriptor_below(fd, path), "fdatasync", 1)
    return real(fd);
}

int ftruncate(int fd, off_t size)
{
    char path[PATH_MAX];
    REAL(ftruncate);
    STEP(descriptor_below(fd, path), "ftruncate", 1)
    return real(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    char path[PATH_MAX];
    REAL(ftruncate64);
    STEP(descriptor_below(fd, path), "ftruncate", 1)
    return real(fd, size);
}

int rename(const char *from, const char *to)
{
    char path[PATH_MAX];
    REAL(rename);
    STEP(path_below(AT_FDCWD, to, path), "rename", 1)
    return real(from, to);
}

int renameat(int from_folder, const char *from, int folder, const char *to)
{
    char path[PATH_MAX];
    REAL(renameat);
    STEP(path_below(folder, to, path), "rename", 1)
    return real(from_folder, from, folder, to);
}

int mkdir(const char *name, mode_t mode)
{
    char path[PATH_MAX];
    REAL(mkdir);
    STEP(path_below(AT_FDCWD, name, path), "mkdir", 1)
    return real(name, mode);
}

int unlink(const char *name)
{
    char path[PATH_MAX];
    REAL(unlink);
    STEP(path_below(AT_FDCWD, name, path), "unlink", 0)
    return real(name);
}

int unlinkat(int folder, const char *name, int flags)
{
    char path[PATH_MAX];
    REAL(unlinkat);
    STEP(path_below(folder, name, path), "unlink", 0)
    return real(folder, name, flags);
}

int rmdir(const char *name)
{
    char path[PATH_MAX];
    REAL(rmdir);
    STEP(path_below(AT_FDCWD, name, path), "rmdir", 0)
    return real(name);
}

/* Opening counts only where it may create a file, and needs space only where it does. */
#define OPEN(symbol, folder_parameter, folder, ...) \
    int symbol(folder_parameter const char *name, int flags, ...) \
    { \
        char path[PATH_MAX]; \
        mode_t mode = 0; \
        REAL(symbol); \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list arguments; \
            va_start(arguments, flags); \
            mode = (mode_t)va_arg(arguments, int); \
            va_end(arguments); \
        } \
        if (armed && (flags & O_CREAT) && path_below(folder, name, path)) { \
            int is_new = access(path, F_OK) != 0; \
            STEP(1, is_new ? "create" : "open", is_new) \
        } \
        return real(__VA_ARGS__, flags, mode); \
    }
#define COMMA ,
OPEN(open, , AT_FDCWD, name)
OPEN(open64, , AT_FDCWD, name)
OPEN(openat, int directory COMMA, directory, directory, name)
OPEN(openat64, int directory COMMA, directory, directory, name)
