using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class ElfImageTests
{
    private const string Name = "lib/some.so";
    private const ushort Weak = 2;

    [Fact]
    public void Marks_the_one_version_and_nothing_else()
    {
        var elf = new TinyElf("GLIBCXX_3.4.3", "GLIBCXX_3.4.32", "GLIBCXX_3.4.320");
        byte[] before = [.. elf.Bytes];

        ElfImage.MakeVersionOptional(elf.Bytes, Name);

        Assert.Equal(Weak, elf.FlagsOf(1));
        Assert.Equal(1, before.Zip(elf.Bytes).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void Keeps_the_flags_that_are_there()
    {
        var elf = new TinyElf("GLIBCXX_3.4.32");
        elf.U16(TinyElf.VersionAt(0) + 4, 4);

        ElfImage.MakeVersionOptional(elf.Bytes, Name);

        Assert.Equal(4 | Weak, elf.FlagsOf(0));
    }

    [Theory]
    [InlineData(0, "GLIBCXX_3.4.30")]
    [InlineData(2, "GLIBCXX_3.4.32", "GLIBCXX_3.4.32")]
    public void Refuses_a_library_that_does_not_ask_once(int times, params string[] versions)
    {
        NativeBackendException error = Assert.Throws<NativeBackendException>(() => ElfImage.MakeVersionOptional(new TinyElf(versions).Bytes, Name));

        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{times} times", error.Message, StringComparison.Ordinal);
    }

    // The sums of distances and places wrap around, go backwards, or leave the file.
    [Theory]
    [InlineData(0xFFFFFFF0u)]
    [InlineData(0x80000000u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x00010000u)]
    public void Refuses_distances_that_leave_the_file(uint distance)
    {
        foreach (int at in (int[])[TinyElf.NextNeedAt, TinyElf.NextNeedAt - 4, TinyElf.VersionAt(0) + 8, TinyElf.VersionAt(0) + 12])
        {
            var elf = new TinyElf("GLIBCXX_3.4.32");
            elf.U32(at, distance);
            NativeBackendException error = Assert.Throws<NativeBackendException>(() => ElfImage.MakeVersionOptional(elf.Bytes, Name));
            Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_more_versions_than_the_file_has_room_for()
    {
        // Chains that advance byte by byte over bytes that name no version: thousands of steps a needed file, for thousands of needed files.
        var elf = new TinyElf([.. Enumerable.Repeat("GLIBCXX_3.4.32", 40)]);
        elf.U32(TinyElf.VersionAt(38) + 12, 1);
        elf.U32(TinyElf.NextNeedAt, 1);

        Assert.Throws<NativeBackendException>(() => ElfImage.MakeVersionOptional(elf.Bytes, Name));
    }

    [Fact]
    public void No_cut_leads_to_another_error()
    {
        byte[] whole = new TinyElf("GLIBCXX_3.4.32").Bytes;
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<NativeBackendException>(() => ElfImage.MakeVersionOptional(whole[..length], Name));
        }
    }

    [Fact]
    public void No_changed_byte_leads_to_another_error()
    {
        byte[] whole = new TinyElf("GLIBCXX_3.4.31", "GLIBCXX_3.4.32").Bytes;
        byte[] values = [0, 1, 15, 127, 128, 255];
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte value in values)
            {
                byte[] changed = [.. whole];
                changed[at] = value;
                Exception? error = Record.Exception(() => ElfImage.MakeVersionOptional(changed, Name));
                Assert.True(error is null or NativeBackendException, $"byte {at} = {value}: {error}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(100)]
    public void Completeness_refuses_what_is_cut_off(int length)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("cut.so", new TinyElf("GLIBCXX_3.4.32").Bytes.AsSpan(0, length));

        NativeBackendException error = Assert.Throws<NativeBackendException>(() => ElfImage.CheckComplete(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Completeness_refuses_what_is_no_library()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("text.so", new string('x', 500));

        NativeBackendException error = Assert.Throws<NativeBackendException>(() => ElfImage.CheckComplete(path));

        Assert.Contains("is no 64-bit ELF library", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x28, ulong.MaxValue)]
    [InlineData(0x28, 1UL << 62)]
    public void Completeness_refuses_a_table_beyond_the_file(int at, ulong value)
    {
        using var folder = new TemporaryFolder();
        var elf = new TinyElf("GLIBCXX_3.4.32");
        elf.U64(at, value);

        NativeBackendException error = Assert.Throws<NativeBackendException>(() => ElfImage.CheckComplete(folder.Write("far.so", elf.Bytes)));

        Assert.Contains("is cut off", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100UL, 100UL, true)]
    [InlineData(100UL, 100_000UL, false)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, false)]
    public void Completeness_looks_at_loaded_segments(ulong at, ulong length, bool complete)
    {
        using var folder = new TemporaryFolder();
        // One program header, written over the required versions, which are not looked at here.
        var elf = new TinyElf("GLIBCXX_3.4.32", "GLIBCXX_3.4.31", "GLIBCXX_3.4.30");
        elf.U64(0x20, 192);
        elf.U16(0x38, 1);
        elf.U32(192, 1);
        elf.U64(192 + 0x08, at);
        elf.U64(192 + 0x20, length);
        string path = folder.Write("segment.so", elf.Bytes);

        Assert.Equal(complete, Record.Exception(() => ElfImage.CheckComplete(path)) is null);
    }

    [Fact]
    public void The_binding_in_use_is_complete_and_asks_for_the_version_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The binding is an ELF library on Linux only.");
        string path = NativeFiles.OfApplication().Find("libLibTorchSharp.so")!;
        byte[] original = File.ReadAllBytes(path);
        byte[] marked = [.. original];

        ElfImage.CheckComplete(path);
        ElfImage.MakeVersionOptional(marked, path);

        Assert.Equal(1, original.Zip(marked).Count(pair => pair.First != pair.Second));
    }
}
