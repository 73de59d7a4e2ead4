extern alias Models;

using System.Diagnostics;
using MLNet.Transformers.Tests.Runtime;
using SharedAtomicFile = Models::MLNet.Transformers.AtomicFile;

namespace MLNet.Transformers.Tests.Checkpoints;

/// <summary>What happens to other files and to the target itself while one is replaced.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private const string FolderVariable = "MLNET_TRANSFORMERS_TESTS_FOLDER";
    private const string Name = "model.zip";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File(Name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_an_ended_process_left_goes_at_the_next_save_of_the_same_target()
    {
        string other = $"other.zip.{Guid.NewGuid():N}.tmp", users = $"{Name}.backup.tmp", longer = $"{Name}.old.{Guid.NewGuid():N}.tmp";
        foreach (string name in (string[])[$"{Name}.{Guid.NewGuid():N}.tmp", $"{Name}.{Guid.NewGuid():N}.tmp", other, users, longer])
        {
            _folder.Write(name, "half a model");
        }

        SharedAtomicFile.Write(Target, Content("new"));

        Assert.Equal(new[] { Name, other, users, longer }.Order(StringComparer.Ordinal), _folder.Names);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_saves_leaves_nothing_for_ever()
    {
        File.WriteAllText(Target, "old");
        using Process process = ChildProcess.Start(ChildProcess.ThisProgram, typeof(AtomicFileTests), nameof(Save_for_ever), (FolderVariable, _folder.Folder));
        try
        {
            while (_folder.Names.Length < 2)
            {
                Assert.False(process.HasExited, "The child process ended by itself.");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
            SharedAtomicFile.Write(Target, Content("meanwhile"));
            Assert.Equal(2, _folder.Names.Length);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        Assert.Equal(2, _folder.Names.Length);

        SharedAtomicFile.Write(Target, Content("after"));

        Assert.Equal([Name], _folder.Names);
        Assert.Equal("after", File.ReadAllText(Target));
    }

    /// <summary>What the child process does.</summary>
    [Fact(Explicit = true)]
    public void Save_for_ever() => SharedAtomicFile.Write(Path.Combine(Environment.GetEnvironmentVariable(FolderVariable)!, Name), stream =>
    {
        Content("half a model")(stream);
        stream.Flush();
        Thread.Sleep(TimeSpan.FromMinutes(3));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_symbolic_link_stays_and_what_it_leads_to_is_replaced(bool exists)
    {
        string elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName, real = Path.Combine(elsewhere, "real.zip");
        if (exists)
        {
            File.WriteAllText(real, "old");
        }
        File.CreateSymbolicLink(_folder.File("second.zip"), Path.Combine("elsewhere", "real.zip"));
        File.CreateSymbolicLink(Target, "second.zip");

        SharedAtomicFile.Write(Target, Content("new"));

        Assert.Equal("second.zip", new FileInfo(Target).LinkTarget);
        Assert.Equal(Path.Combine("elsewhere", "real.zip"), new FileInfo(_folder.File("second.zip")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal([real], Directory.GetFileSystemEntries(elsewhere));
        Assert.Equal(["elsewhere", Name, "second.zip"], _folder.Names);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error_that_names_them()
    {
        File.CreateSymbolicLink(Target, "second.zip");
        File.CreateSymbolicLink(_folder.File("second.zip"), Name);
        Assert.Contains(Name, Assert.ThrowsAny<IOException>(() => SharedAtomicFile.Write(Target, NotAsked)).Message);
    }

    [Theory]
    [InlineData(OwnerOnly)]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserRead)]
    public void The_old_files_permissions_stay(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix has them.");
        SetMode(Target, mode);
        SharedAtomicFile.Write(Target, stream =>
        {
            string pending = Assert.Single(_folder.Names, name => name != Name);
            Assert.Equal(OwnerOnly, Mode(_folder.File(pending)));
            Content("new")(stream);
        });
        Assert.Equal(mode, Mode(Target));
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void A_new_file_has_the_permissions_of_new_files_or_those_asked_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix has them.");
        File.WriteAllText(_folder.File("other"), "");
        SharedAtomicFile.Write(Target, Content("new"));
        Assert.Equal(Mode(_folder.File("other")), Mode(Target));

        SharedAtomicFile.Write(Target, Content("new"), OwnerOnly);
        Assert.Equal(OwnerOnly, Mode(Target));
    }

    [Theory]
    [InlineData("absent/model.zip", "absent")]
    [InlineData("file/model.zip", "file")]
    public void A_missing_folder_is_named_before_anything_is_written(string path, string folder)
    {
        _folder.Write("file", "");
        string target = _folder.File(path);
        string message = Assert.Throws<DirectoryNotFoundException>(() => SharedAtomicFile.Write([(Target, NotAsked), (target, NotAsked)])).Message;
        Assert.Contains($"'{_folder.File(folder)}'", message);
        Assert.Contains($"'{target}'", message);
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_named_before_anything_is_written()
    {
        Directory.CreateDirectory(Target);
        Assert.Contains($"'{Target}'", Assert.Throws<IOException>(() => SharedAtomicFile.Write(Target, NotAsked)).Message);
        Assert.Equal([Name], _folder.Names);
    }

    [Fact]
    public void A_place_that_takes_no_files_is_named_before_anything_is_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has such a place, even for those who may write everywhere.");
        const string target = "/proc/self/model.zip";
        Exception error = Assert.ThrowsAny<Exception>(() => SharedAtomicFile.Write(target, NotAsked));
        Assert.Contains($"'{target}'", error.Message);
        Assert.DoesNotContain(".tmp", error.ToString());
    }

    [Fact]
    public void An_error_of_writing_names_the_file_that_was_asked_for()
    {
        string? pending = null;
        var error = Assert.Throws<IOException>(() => SharedAtomicFile.Write(Target, _ =>
        {
            pending = Assert.Single(_folder.Names);
            throw new IOException($"No space left on device : '{_folder.File(pending)}'");
        }));
        Assert.Equal($"No space left on device : '{Target}'", error.Message);
        Assert.DoesNotContain(pending!, error.ToString());
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void An_error_of_the_content_arrives_as_it_is()
    {
        File.WriteAllText(Target, "old");
        var error = new IOException("The source ended.");
        Assert.Same(error, Assert.Throws<IOException>(() => SharedAtomicFile.Write(Target, stream =>
        {
            Content("half")(stream);
            throw error;
        })));
        Assert.Equal([Name], _folder.Names);
        Assert.Equal("old", File.ReadAllText(Target));
    }

    [Fact]
    public void Savers_of_one_file_at_once_leave_one_of_their_contents_and_nothing_else()
    {
        string[] contents = [.. Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 100_000))];
        Parallel.For(0, 200, i => SharedAtomicFile.Write(Target, Content(contents[i % contents.Length])));
        Assert.Contains(File.ReadAllText(Target), contents);
        Assert.Equal([Name], _folder.Names);
    }

    private static Action<Stream> Content(string text) => stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text));

    private static void NotAsked(Stream stream) => Assert.Fail("The content was asked for.");

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        File.WriteAllText(path, "old");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
