using System.Text;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.TokenClassification.Sentences;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>A task reads a vector of each token and never asks which architecture it has.</summary>
public class EveryArchitectureTests
{
    public static TheoryData<string> Architectures => [.. SmallConfigs.Rows.Keys.Where(row => ArchitectureRegistry
        .Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(SmallConfigs.Rows[row]), row)).Heads.Any(head => head.Kind == HeadKind.TokenClassification))];

    [Fact]
    public void All_five_are_among_them() =>
        Assert.Superset(new HashSet<string> { "bert", "roberta", "bart", "t5", "llama", "glm", "glm4" }, Architectures.Select(row => row.Data).ToHashSet());

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Finds_a_distinctive_word_in_every_place(string row)
    {
        var ml = new MLContext(1);
        string[] sentence = ["red", "trees", "walk", "over", "old", "hills", "by", "night"];
        Tagged[] rows = [.. sentence.Select((_, place) => Row(string.Join(' ', sentence.Select((word, i) => i == place ? "zebra/B-X" : word))))];
        TextEncoder tokenizer = WordPieceTrainer.Train([.. Texts(rows), .. Texts(rows)], size: 120);

        // BART's decoder reads the word before, and has to learn first where in the encoder its own stands.
        TokenClassificationOptions options = row.StartsWith("bart", StringComparison.Ordinal) ? Options(150) : Options();
        options.LearningRate = row.StartsWith("bart", StringComparison.Ordinal) ? 3e-3 : 1e-2;

        using TokenClassificationTransformer model = ml.Transformers().TokenClassification(Small(row, tokenizer), options).Fit(Data(ml, rows));

        Assert.Equal(Gold(rows), Tags(model.Transform(Data(ml, rows))));
    }
}
