using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.TokenClassification;
using static MLNet.Transformers.Tests.TokenClassification.Sentences;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>Raw texts: with spans, with a tag a blank-separated word, and behind a network that was trained on words.</summary>
public class RawTextTests
{
    private static readonly Spanned[] _spans =
    [
        .. Rows.Select(row =>
        {
            TokenText text = TokenText.Of(row.Words!.Select(word => word!).ToArray());
            var entities = TagSequence.Read(row.Tags!.Select(tag => tag!).ToArray());
            return new Spanned
            {
                Text = text.Text,
                SpanStart = [.. entities.Select(entity => text.Words[entity.Start].Start)],
                SpanLength = [.. entities.Select(entity => text.Words[entity.Start + entity.Length - 1].End - text.Words[entity.Start].Start)],
                SpanType = [.. entities.Select(entity => entity.Type)],
            };
        }),
    ];

    [Fact]
    public void Spans_are_learnt_and_found_again_to_the_character()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(_spans);

        using TokenClassificationTransformer model = ml.Transformers().TokenClassification(Tiny(), Options()).Fit(data);

        IReadOnlyList<Entity>[] found = [.. model.ReadEntities(model.Transform(data))];
        Assert.Equal(_spans.Select(row => row.SpanStart), found.Select(row => row.Select(entity => entity.Start).ToArray()));
        Assert.Equal(_spans.Select(row => row.SpanLength), found.Select(row => row.Select(entity => entity.Length).ToArray()));
        Assert.Equal(_spans.Select(row => row.SpanType), found.Select(row => row.Select(entity => entity.Type).ToArray()));
        Assert.All(found.Zip(_spans), row => Assert.All(row.First, entity => Assert.Equal(entity.Text, row.Second.Text!.Substring(entity.Start, entity.Length))));
    }

    [Fact]
    public void A_network_that_learnt_words_reads_raw_texts_and_an_engine_gives_entities()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using TokenClassificationTransformer model = Train(ml);
        ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
        ITransformer loaded = ml.Model.Load(folder.File("model.zip"), out _);
        using var engine = ml.Model.CreatePredictionEngine<Plain, EntityPrediction>(loaded);

        IReadOnlyList<Entity> entities = engine.Predict(new Plain { Text = "  ask Maria Silva" }).Entities;

        Entity entity = Assert.Single(entities);
        Assert.Equal(("Maria Silva", "PER", 6, 11), (entity.Text, entity.Type, entity.Start, entity.Length));
        Assert.InRange(entity.Score, 0.5f, 1);
        Assert.Empty(engine.Predict(new Plain { Text = null }).Entities);
        Assert.Empty(engine.Predict(new Plain { Text = "   " }).Entities);
    }

    [Theory]
    [InlineData(EntityAggregation.First)]
    [InlineData(EntityAggregation.Average)]
    [InlineData(EntityAggregation.Max)]
    public void Entities_of_words_hold_the_accents_that_the_tokenizer_leaves_out(EntityAggregation aggregation)
    {
        var ml = new MLContext(1);
        TokenClassificationOptions options = Options();
        options.Aggregation = aggregation;
        ITransformer model = ml.Transformers().TokenClassification(Tiny(), options).Fit(Data(ml, Rows));
        using var engine = ml.Model.CreatePredictionEngine<Plain, EntityPrediction>(model);

        Entity entity = Assert.Single(engine.Predict(new Plain { Text = "ask Maria\u0301 Silva\u0301" }).Entities);

        Assert.Equal(("Maria\u0301 Silva\u0301", 4, 13), (entity.Text, entity.Start, entity.Length));
    }

    [Fact]
    public void Tags_behind_MapKeyToValue_are_texts()
    {
        var ml = new MLContext(1);
        ITransformer model = ml.Transformers().TokenClassification(Tiny(), Options()).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags")).Fit(Data(ml, Rows));
        using var engine = ml.Model.CreatePredictionEngine<Tagged, Answer>(model);

        Assert.Equal(Rows[2].Tags, engine.Predict(new Tagged { Words = Rows[2].Words }).PredictedTags);
    }

    [Fact]
    public void A_text_with_a_tag_for_each_stretch_between_blanks_is_learnt_with_a_missing_key_outside()
    {
        var ml = new MLContext(1);
        var rows = Rows.Select(row => new { Text = string.Join(' ', row.Words!), Tags = row.Tags!.Select(tag => tag == "O" ? "0" : tag![2..]).ToArray() }).ToArray();
        IDataView loaded = ml.Data.LoadFromEnumerable(rows), keys = ml.Data.LoadFromEnumerable(new[] { new { Key = "PER" }, new { Key = "LOC" } });
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Tags", keyData: keys).Fit(loaded).Transform(loaded);

        using TokenClassificationTransformer model = ml.Transformers().TokenClassification(Tiny(), Options()).Fit(data);

        Assert.Equal(["PER", "LOC", "O"], model.Labels);
        Assert.Equal(rows.Select(row => row.Tags.Select(tag => tag == "0" ? "" : tag).ToArray()), Tags(model.Transform(data)));
        Assert.Equal("New Delhi", model.ReadEntities(model.Transform(data)).ElementAt(1).Single().Text);
    }

    [Theory]
    [InlineData(2, 4, "X", "does not begin and end with words: those it touches are 'Lima', characters 1 to 5")]
    [InlineData(-1, 3, "X", "does not lie within")]
    [InlineData(1, 400, "X", "does not lie within")]
    [InlineData(1, 4, "", "has no type")]
    [InlineData(5, 1, "X", "holds no word")]
    public void A_misaligned_span_is_named_with_its_row(int start, int length, string type, string why)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([.. _spans, new Spanned { Text = " Lima (Oslo)", SpanStart = [7, start], SpanLength = [4, length], SpanType = ["LOC", type] }]);

        var error = Assert.Throws<InvalidOperationException>(() => ml.Transformers().TokenClassification(Tiny(), Options(1)).Fit(data));

        Assert.Contains("Row 9: span 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_raw_texts_are_cut_as_BERT_cuts_them()
    {
        static string[] Cut(string text) { TokenText cut = TokenText.Of(text, splitAtBlanks: false); return [.. cut.Words.Select((_, i) => cut.Word(i))]; }

        Assert.Equal(["O", "'", "Hara", "-", "Fitz", "in", "São", ",", "北", "京", "!"], Cut("O'Hara-Fitz  in\tSão, 北京!"));
        Assert.Equal(["😀", "a\ud800b"], Cut("😀 a\ud800b"));
        Assert.Empty(Cut(" \n"));
    }
}
