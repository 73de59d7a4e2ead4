using MLNet.Transformers.Parity;
using MLNet.Transformers.Parity.Tokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Published vocabularies: tricky texts, pairs, and digests of the ids of 3.5 MB of real text.</summary>
public class VocabularyTests
{
    [Theory]
    [InlineData("bert-base-uncased.json")]
    [InlineData("bert-base-cased.json")]
    [InlineData("bert-base-chinese.json")]
    [InlineData("all-MiniLM-L6-v2.json")]
    public void Published_vocabulary_gives_the_ids_of_the_reference(string name)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);

        IReadOnlyList<Row> rows = VocabularyWalk.Check(Shared.Path("weights", "vocab", "expected"), Shared.Path(), name);

        Assert.Empty(rows.Where(row => row.Status != Status.Pass).Select(row => row.ToString()));
    }
}
