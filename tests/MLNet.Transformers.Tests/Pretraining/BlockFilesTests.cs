using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Pretraining;

public class BlockFilesTests
{
    private static TextBlock Block(int number) => new([.. Enumerable.Range(number, number % 9 + 1)], [1, number % 9 + 1], [number % 9 + 1]) { Document = number / 10 };

    [Fact]
    public void Blocks_are_read_back_while_others_are_still_written()
    {
        using var folder = new TemporaryFolder();
        using var files = new BlockFiles(folder.Folder, "training", tokensPerFile: 100, others: false);
        using var read = new ManualResetEventSlim();
        var writing = new Thread(() =>
        {
            for (int number = 0; number < 500; number++)
            {
                if (number == 250)
                {
                    read.Wait(TestContext.Current.CancellationToken);
                }
                files.Add(Block(number));
            }
            files.Complete();
        });
        writing.Start();

        BlockFile first = files.File(0, () => { })!;
        TextBlock third = first.Read(3, false);
        Assert.Equal((int[][])[Block(3).Ids, Block(3).SentenceEnds, Block(3).DocumentEnds, [Block(3).Document]], [third.Ids, third.SentenceEnds, third.DocumentEnds, [third.Document]]);
        Assert.Throws<ArgumentOutOfRangeException>(() => first.Read(first.Count, false));
        Assert.Throws<OperationCanceledException>(() => files.File(1000, () => throw new OperationCanceledException()));
        read.Set();
        writing.Join();

        IReadOnlyList<BlockFile> all = files.All(() => { });
        Assert.Null(files.File(all.Count, () => { }));
        Assert.Equal(
            Enumerable.Range(0, 500).SelectMany(number => Block(number).Ids),
            all.SelectMany(file => Enumerable.Range(0, file.Count).SelectMany(index => file.Read(index, false).Ids)));
        Assert.All(all.SkipLast(1), file => Assert.InRange(Enumerable.Range(0, file.Count).Sum(file.Length), 100, 109));
    }

    [Fact]
    public void Others_are_drawn_from_other_documents_of_the_file()
    {
        using var folder = new TemporaryFolder();
        using var files = new BlockFiles(folder.Folder, "training", tokensPerFile: 1000, others: true);
        Enumerable.Range(0, 100).Select(Block).ToList().ForEach(files.Add);
        files.Complete();
        TextBlock block = files.File(0, () => { })!.Read(15, files.Others);

        TextBlock[] others = [.. Enumerable.Range(0, 200).Select(seed => block.Another(new Random(seed))!)];

        Assert.Equal(block.Another(new Random(1))!.Ids, block.Another(new Random(1))!.Ids);
        Assert.DoesNotContain(others, other => other.Document == 1);
        Assert.True(others.Select(other => other.Ids[0]).Distinct().Count() > 50);
    }

    [Fact]
    public void What_fails_where_blocks_are_written_is_thrown_where_they_are_read()
    {
        using var folder = new TemporaryFolder();
        using var files = new BlockFiles(folder.Folder, "training", 1000, others: false);
        files.Add(Block(1));
        files.Fail(new FormatException());

        Assert.Throws<FormatException>(() => files.File(0, () => { }));
        Assert.Throws<FormatException>(() => files.All(() => { }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(40)]
    public void A_file_that_was_cut_is_named(int length)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new BlockFileWriter(folder.File("a.tokens")))
        {
            Enumerable.Range(0, 20).Select(Block).ToList().ForEach(writer.Add);
            writer.Finish();
        }
        File.WriteAllBytes(folder.File("a.tokens"), File.ReadAllBytes(folder.File("a.tokens"))[..length]);

        Assert.Contains(folder.File("a.tokens"), Assert.Throws<InvalidDataException>(() => new BlockFile(folder.File("a.tokens"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_each_stretch_of_documents_one_is_held_out()
    {
        var heldOut = new HeldOutDocuments(0.2, seed: 3);
        bool[] held = [.. Enumerable.Range(0, 10_000).Select(_ => heldOut.Next())];

        Assert.All(held.Chunk(5), stretch => Assert.Single(stretch, true));
        Assert.All(Enumerable.Range(0, 5), place => Assert.Equal(400.0, held.Chunk(5).Count(stretch => stretch[place]), 90.0));
        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => new HeldOutDocuments(0, 1).Next()));
    }
}
