using System.Runtime.Versioning;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Runtime;

[SupportedOSPlatform("linux")]
public sealed class PreparedBindingTests : IDisposable
{
    private const string LinuxOnly = "The binding is prepared on Linux only.";

    private readonly TemporaryFolder _folder = new();
    private readonly TinyElf _prepared = new("GLIBCXX_3.4.32");
    private readonly string _original;

    public PreparedBindingTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), LinuxOnly);
        _original = _folder.Write("libLibTorchSharp.so", _prepared.Bytes);
        ElfImage.MakeVersionOptional(_prepared.Bytes, _original);
    }

    private string Cache => _folder.File("cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_the_copy_in_a_folder_that_only_the_user_can_read()
    {
        string path = Load(Cache);

        Assert.Equal(Cache, Path.GetDirectoryName(path));
        Assert.Equal(_prepared.Bytes, File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Cache));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([Path.GetFileName(path)], Directory.GetFiles(Cache).Select(Path.GetFileName));
    }

    [Fact]
    public void Takes_the_copy_that_is_there()
    {
        string path = Load(Cache);
        DateTime written = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);

        Assert.Equal(path, Load(Cache));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("longer")]
    [InlineData("writable")]
    public void Makes_the_copy_anew_where_it_is_not_what_it_should_be(string damage)
    {
        string path = Load(Cache);
        byte[] content = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flipped": content[200] ^= 1; break;
            case "cut": content = content[..100]; break;
            case "empty": content = []; break;
            case "longer": content = [.. content, 0]; break;
            default: File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite); break;
        }
        File.WriteAllBytes(path, content);

        Assert.Equal(path, Load(Cache));

        Assert.Equal(_prepared.Bytes, File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & UnixFileMode.OtherWrite);
    }

    [Fact]
    public void Another_version_has_a_copy_of_its_own()
    {
        string first = Load(Cache);
        string other = _folder.Write("other.so", new TinyElf("GLIBCXX_3.4.32", "GLIBCXX_3.4.9").Bytes);

        string second = PreparedBinding.Load(other, [Cache], _ => { });

        Assert.NotEqual(first, second);
        Assert.Equal(2, Directory.GetFiles(Cache).Length);
    }

    [Fact]
    public void Goes_on_where_a_folder_cannot_be_made()
    {
        string blocked = _folder.Write("a file", "");

        string path = Load(blocked, Path.Combine(blocked, "within"), "/proc/mlnet-transformers", Cache);

        Assert.Equal(Cache, Path.GetDirectoryName(path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Goes_on_where_others_can_change_the_folder(UnixFileMode right)
    {
        string open = _folder.File("open");
        Directory.CreateDirectory(open);
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | right);

        Assert.Equal(Cache, Path.GetDirectoryName(Load(open, Cache)));
        Assert.Empty(Directory.GetFiles(open));
    }

    [Fact]
    public void Goes_on_where_a_folder_may_hold_no_code()
    {
        string path = PreparedBinding.Load(_original, [_folder.File("noexec"), Cache], candidate =>
        {
            if (candidate.Contains("noexec", StringComparison.Ordinal))
            {
                throw new DllNotFoundException("failed to map segment from shared object");
            }
        });

        Assert.Equal(Cache, Path.GetDirectoryName(path));
    }

    [Fact]
    public void Keeps_the_copy_in_memory_where_no_folder_will_do()
    {
        byte[]? loaded = null;

        string path = PreparedBinding.Load(_original, ["/proc/mlnet-transformers"], candidate => loaded = File.ReadAllBytes(candidate));

        Assert.StartsWith("/proc/self/fd/", path, StringComparison.Ordinal);
        Assert.Equal(_prepared.Bytes, loaded);
    }

    [Fact]
    public void Says_what_was_tried_and_the_ways_out()
    {
        string blocked = _folder.Write("a file", "");

        var error = Assert.Throws<NativeBackendException>(() =>
            PreparedBinding.Load(_original, [blocked, Cache], _ => throw new DllNotFoundException("no libtorch_cpu.so")));

        Assert.All(
            (string[])["GLIBCXX_3.4.32", blocked, Cache, "memory: no libtorch_cpu.so", "XDG_CACHE_HOME", "GCC 13"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Leaves_nothing_of_a_write_that_failed()
    {
        // A folder has the file's name: it can be neither read nor replaced.
        string name = Path.GetFileName(Load(Cache));
        File.Delete(Path.Combine(Cache, name));
        Directory.CreateDirectory(Path.Combine(Cache, name, "within"));

        Assert.NotEqual(Cache, Path.GetDirectoryName(Load(Cache, _folder.File("next"))));
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Fact]
    public void Is_not_disturbed_by_what_another_process_left_behind()
    {
        string path = Load(Cache);
        File.Move(path, $"{path}.0123.tmp");

        Assert.Equal(path, Load(Cache));
    }

    [Fact]
    public void Many_threads_make_one_copy()
    {
        var paths = new string[64];

        Parallel.For(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => PreparedBinding.Load(_original, [Cache], path =>
        {
            Assert.Equal(_prepared.Bytes, File.ReadAllBytes(path));
            paths[i] = path;
        }));

        Assert.Single(paths.Distinct());
        Assert.Equal(paths[0], Assert.Single(Directory.GetFiles(Cache)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not/absolute")]
    public void Cache_folders_are_absolute(string? cacheHome) => Assert.All(PrivateCache.Folders(cacheHome), folder => Assert.True(Path.IsPathRooted(folder), folder));

    [Fact]
    public void The_users_cache_folder_comes_first() => Assert.Equal("/some/cache/mlnet-transformers", PrivateCache.Folders("/some/cache").First());

    private string Load(params string[] folders) => PreparedBinding.Load(_original, folders, _ => { });
}
