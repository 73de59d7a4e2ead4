using MLNet.Transformers.Batching;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Pretraining;

public class TokenFileTests
{
    [Fact]
    public void Sequences_are_read_back_in_any_order_and_the_file_goes_with_the_object()
    {
        using var folder = new TemporaryFolder();
        int[][] sequences = [.. Enumerable.Range(1, 500).Select(length => Enumerable.Range(length, length % 40 + 1).ToArray())];
        using (TokenFile file = TokenFile.Write(folder.Folder, sequences.Select(ids => new TokenSequence(ids)))!)
        {
            Assert.Equal(500, file.Count);
            foreach (int i in (int[])[499, 0, 250, 1])
            {
                Assert.Equal(sequences[i], file[i].Ids);
            }
            Assert.Equal(sequences, file.Select(sequence => sequence.Ids));
            Assert.Throws<ArgumentOutOfRangeException>(() => file[500]);
            Assert.Throws<ArgumentOutOfRangeException>(() => file[-1]);
        }
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_source_that_fails_or_is_empty_leaves_no_file()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(TokenFile.Write(folder.Folder, []));
        Assert.Throws<FormatException>(() => TokenFile.Write(folder.Folder, Failing()));

        Assert.Empty(folder.Names);

        static IEnumerable<TokenSequence> Failing()
        {
            yield return new TokenSequence([1, 2]);
            throw new FormatException();
        }
    }
}
