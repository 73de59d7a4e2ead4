using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity;
using MLNet.Transformers.Parity.References;
using MLNet.Transformers.Parity.Tokenizers;

namespace MLNet.Transformers.Tests;

/// <summary>Real vocabularies and trained models, checked as the parity program does; they lie outside of the repository.</summary>
public class SharedParityTests
{
    [Theory]
    [InlineData("bert-base-uncased.json")]
    [InlineData("bert-base-cased.json")]
    [InlineData("bert-base-chinese.json")]
    [InlineData("all-MiniLM-L6-v2.json")]
    [InlineData("t5.json")]
    [InlineData("t5-spiece.json")]
    [InlineData("albert-spiece.json")]
    [InlineData("llama2-sentencepiece.json")]
    [InlineData("glm-chinese-spiece.json")]
    [InlineData("glm-chinese-inputs.json")]
    [InlineData("chatglm-6b-ice-text.json")]
    [InlineData("chatglm-6b-inputs.json")]
    public void Vocabulary_gives_the_ids_of_the_reference(string name)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);

        Check(VocabularyWalk.Check(Shared.Path("weights", "vocab", "expected"), Shared.Folder, name));
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2", 0)]
    [InlineData("bart-multi30k-tiny", 0)]
    [InlineData("t5-multi30k-tiny", 0)]
    [InlineData("SmolLM2-135M-Instruct", 0)]
    [InlineData("llama-stories260K", 1)]
    [InlineData("llama-llama2xs", 1)]
    public void Trained_model_gives_the_figures_of_the_reference(string name, int figuresWithoutText)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        NativeBackend.EnsureLoaded();

        Check(ReferenceParity.Check(Shared.Folder, name), figuresWithoutText);
    }

    private static void Check(IReadOnlyList<Row> rows, int skipped = 0)
    {
        Assert.Empty(rows.Where(row => row.Status == Status.Fail).Select(row => row.ToString()));
        Assert.Equal(skipped, rows.Count(row => row.Status == Status.Skip));
        Assert.NotEmpty(rows);
    }
}
