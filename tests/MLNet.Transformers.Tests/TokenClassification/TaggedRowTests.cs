using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.TokenClassification;
using MLNet.Transformers.Training;
using static MLNet.Transformers.Tests.TokenClassification.Sentences;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>Rows as they come: broken, missing and unknown tags, keys, options.</summary>
public class TaggedRowTests
{
    private sealed class Numbered
    {
        public string[] Words { get; set; } = [];

        [KeyType(2)]
        public uint[] Tags { get; set; } = [];
    }

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Broken_tags_are_repaired_where_that_is_asked_for_and_counted()
    {
        List<string> log = Log(_ml);
        TokenClassificationOptions options = Options();
        options.RepairTags = true;
        Tagged[] broken = [Row("Maria/I-PER lives in Lima/I-LOC"), .. Rows[1..]];

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(_ml, broken));

        Assert.Equal(Gold(Rows), Tags(model.Transform(Data(_ml, Rows))));
        Assert.Contains(log, line => line.StartsWith("1 rows had broken tags", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_key_comes_back_as_one_where_keys_have_no_values()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows.Select(row => new Numbered
        {
            Words = [.. row.Words!.Select(word => word!)], Tags = [.. row.Tags!.Select(tag => tag == "O" ? 0u : tag![2..] == "PER" ? 1u : 2u)],
        }));
        using var folder = new TemporaryFolder();
        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), Options()).Fit(data);
        _ml.Transformers().SaveModel(model, data.Schema, folder.File("model.zip"));
        using var loaded = (TokenClassificationTransformer)_ml.Model.Load(folder.File("model.zip"), out _);

        foreach (TokenClassificationTransformer one in (TokenClassificationTransformer[])[model, loaded])
        {
            IDataView predicted = one.Transform(data);
            Assert.Equal(2ul, ((KeyDataViewType)((VectorDataViewType)predicted.Schema["PredictedTags"].Type).ItemType).Count);
            Assert.Equal(data.GetColumn<uint[]>("Tags"), predicted.GetColumn<uint[]>("PredictedTags"));
        }
    }

    [Fact]
    public void The_doctor_reads_keys_in_the_scheme_that_a_training_reads_them_in()
    {
        IDataView data = Keyed(_ml, Rows, "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "S-LOC");

        TokenDataReport report = _ml.Transformers().CheckTokenData(data);

        Assert.Equal(TagScheme.Iobes, report.Scheme);
        Assert.True(report.HasErrors);
        Assert.Throws<InvalidOperationException>(() => _ml.Transformers().TokenClassification(Tiny(), Options(1)).Fit(data));
    }

    [Fact]
    public void What_is_predicted_of_words_without_a_tag_is_neither_right_nor_wrong()
    {
        IReadOnlyList<(int[], int[])> rows = [([1, (int)LossTerm.Ignored, 0], [1, 1, 0])];
        ValidationResult result = TokenMetrics.Of(["O", "B-PER", "I-PER"], rows, TagScheme.Iob2, loss: 0, TokenClassificationMetric.EntityF1);
        Assert.Equal(1, result.Metrics[nameof(TokenClassificationMetric.EntityF1)]);
        Assert.Equal(1, result.Metrics[nameof(TokenClassificationMetric.Accuracy)]);
    }

    [Fact]
    public void Predicted_tags_that_BILOU_does_not_know_are_outside_of_entities()
    {
        IReadOnlyList<(int[], int[])> rows = [([1, 2, 0], [3, 2, 0])];
        ValidationResult result = TokenMetrics.Of(["O", "B-PER", "L-PER", "MISC"], rows, TagScheme.Bilou, loss: 0, TokenClassificationMetric.EntityF1);
        Assert.Equal(0, result.Metrics[nameof(TokenClassificationMetric.EntityF1)]);
    }

    [Fact]
    public void The_doctor_counts_tags_as_they_stand_in_the_data()
    {
        TokenDataReport report = _ml.Transformers().CheckTokenData(Data(_ml, [Row("Maria/I-PER lives in Lima/B-LOC"), Row("Omar/B-PER lives in Lima/B-LOC")]));

        Assert.Equal(1, report.TagCounts["I-PER"]);
        Assert.Contains(report.Problems, problem => problem.Kind == TokenDataProblemKind.BrokenTags);
        Assert.DoesNotContain(report.Problems, problem => problem.Kind == TokenDataProblemKind.RareTag && problem.Message.StartsWith("'O'", StringComparison.Ordinal));
    }

    [Fact]
    public void IOB1_has_to_be_said_and_IO_has_not()
    {
        Tagged[] rows = [.. Rows[..7], Row("Maria/I-PER Omar/B-PER here")];
        Assert.Contains("'B-PER'", Assert.Throws<InvalidOperationException>(() => Fit(rows, null)).Message, StringComparison.Ordinal);
        Tagged[] iob1 = [.. Rows.Select(row => Row(string.Join(' ', row.Words!.Zip(row.Tags!, (word, tag) => $"{word}/{tag!.Replace("B-", "I-")}")))), rows[7]];

        using TokenClassificationTransformer said = Fit(iob1, TagScheme.Iob1);
        Assert.Equal(["O", "I-LOC", "B-PER", "I-PER"], said.Labels);
        using TokenClassificationTransformer io = Fit(iob1[..8], null);
        Assert.Equal(["O", "I-LOC", "I-PER"], io.Labels);

        TokenClassificationTransformer Fit(Tagged[] rows, TagScheme? scheme)
        {
            TokenClassificationOptions options = Options(1);
            options.Scheme = scheme;
            return _ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(_ml, rows));
        }
    }

    [Fact]
    public void Tags_without_prefixes_are_classes_of_their_own()
    {
        Tagged[] rows = [Row("we/PRON met/VERB Omar/NOUN"), Row("Maria/NOUN lives/VERB here/ADV")];
        TokenClassificationOptions options = Options();
        options.ValidationSet = Data(_ml, rows);
        List<string> log = Log(_ml);

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(_ml, rows));

        Assert.Equal(["ADV", "NOUN", "PRON", "VERB"], model.Labels);
        Assert.Equal(Gold(rows), Tags(model.Transform(Data(_ml, rows))));
        Assert.DoesNotContain(log, line => line.Contains("EntityF1", StringComparison.Ordinal));
        Assert.Single(log, line => line.Contains("the accuracy of tags decides which epoch is best", StringComparison.Ordinal));
        Assert.Equal(["NOUN", "VERB"], model.ReadEntities(model.Transform(Data(_ml, rows))).Last().Select(entity => entity.Type).Take(2));
    }

    [Fact]
    public void Tags_that_were_meant_to_be_others_are_named_in_the_log()
    {
        List<string> log = Log(_ml);

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), Options(1)).Fit(Data(_ml, [.. Rows, Row("Omar/b-PER lives/o")]));

        Assert.Single(log, line => line == "The tag 'o' looks like 'O', but is learnt as entities of the type 'o'.");
        Assert.Single(log, line => line == "The tag 'b-PER' looks like 'B-PER', but is learnt as entities of the type 'b-PER'.");
    }

    [Fact]
    public void Keys_that_lack_a_tag_that_repairing_takes()
    {
        TokenClassificationOptions options = Options(1);
        (options.Scheme, options.RepairTags) = (TagScheme.Iob2, true);
        IDataView data = Keyed(_ml, [Row("Maria/I-PER lives here")], "O", "I-PER");

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().TokenClassification(Tiny(), options).Fit(data));

        Assert.Equal("Row 1: to repair its tags takes the tag 'B-PER', which is not among the values of the keys, O, I-PER; give the keys all tags of the scheme.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_without_a_tag_each_are_named_where_there_is_only_one_tag(bool keys)
    {
        Tagged[] rows = [Row("here we met"), new() { Words = ["nothing", "to", "see"], Tags = ["O"] }];

        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Transformers().TokenClassification(Tiny(), Options(1)).Fit(keys ? Keyed(_ml, rows, "O") : Data(_ml, rows)));

        Assert.Equal("Row 2: there are 3 words but 1 tags; expected one tag for each word.", error.Message);
        Assert.Contains("has 1 class, 'O'", Assert.Throws<InvalidOperationException>(
            () => _ml.Transformers().TokenClassification(Tiny(), Options(1)).Fit(Data(_ml, rows[..1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_decide_the_order_of_tags_and_missing_ones_are_not_learnt()
    {
        string[] tags = ["I-PER", "O", "B-PER", "B-LOC", "I-LOC"];
        IDataView data = Keyed(_ml, [.. Rows, Row("Lima/unheard lives")], tags);

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), Options()).Fit(data);

        Assert.Equal(tags, model.Labels);
        Assert.Equal(Gold(Rows), Tags(model.Transform(Data(_ml, Rows))));
    }

    [Fact]
    public void Entity_F1_of_the_validation_rows_decides()
    {
        List<string> log = Log(_ml);
        TokenClassificationOptions options = Options(20);
        options.ValidationSet = Data(_ml, Rows[..4]);

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(_ml, Rows));

        string[] validated = [.. log.Where(line => line.Contains("EntityF1", StringComparison.Ordinal))];
        Assert.Equal(20, validated.Length);
        Assert.Contains(log, line => line.Contains("EntityF1 1.0000", StringComparison.Ordinal));
        Assert.Equal(1, _ml.Transformers().EvaluateTokenClassification(model.Transform(Data(_ml, Rows[..4]))).Micro.F1);
    }

    [Theory]
    [InlineData(EntityAggregation.None)]
    [InlineData(EntityAggregation.Simple)]
    [InlineData(EntityAggregation.Average)]
    [InlineData(EntityAggregation.Max)]
    public void Aggregation_is_an_option_and_columns_have_the_names_that_are_asked_for(EntityAggregation aggregation)
    {
        TokenClassificationOptions options = Options();
        (options.Aggregation, options.PredictedTagsColumnName, options.EntityColumns) = (aggregation, "Found", new() { EntityText = "Names" });

        using TokenClassificationTransformer model = _ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(_ml, Rows));
        IDataView predicted = model.Transform(Data(_ml, Rows));

        Assert.NotNull(predicted.Schema.GetColumnOrNull("Names"));
        Assert.NotNull(predicted.Schema.GetColumnOrNull("Found"));
        Assert.Equal(aggregation == EntityAggregation.None ? "B-PER" : "PER", model.ReadEntities(predicted).First()[0].Type);
    }

    [Theory]
    [InlineData("Aggregation", "Aggregation")]
    [InlineData("same", "ScoreColumnName")]
    [InlineData("none", "WordsColumnName")]
    [InlineData("stride", "Stride")]
    [InlineData("tokens", "40 positions")]
    public void A_wrong_option_is_named(string what, string name)
    {
        TokenClassificationOptions options = Options(1);
        switch (what)
        {
            case "Aggregation": options.Aggregation = (EntityAggregation)9; break;
            case "same": options.ScoreColumnName = options.PredictedTagsColumnName; break;
            case "none": options.WordsColumnName = options.TextColumnName = null; break;
            case "stride": options.Stride = -1; break;
            default: options.MaxTokens = 41; break;
        }

        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => _ml.Transformers().TokenClassification(Tiny(), options)).Message, StringComparison.Ordinal);
    }
}
