using Microsoft.ML;
using MLNet.Transformers.Models;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Every error names what is wrong.</summary>
public class ErrorTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, Action<SequenceToSequenceOptions>> Wrong => new()
    {
        { "'NoSuchColumn'", options => options.SourceColumnName = "NoSuchColumn" },
        { "'NoSuchColumn'", options => options.TargetColumnName = "NoSuchColumn" },
        { "SourceColumnName", options => options.SourceColumnName = " " },
        { "TargetColumnName", options => options.TargetColumnName = "" },
        { "PredictedTextColumnName", options => options.PredictedTextColumnName = "" },
        { "{source}", options => options.PromptTemplate = "translate" },
        { "Prefix and PromptTemplate", options => (options.Prefix, options.PromptTemplate) = ("translate ", "{source}") },
        { "SystemMessage", options => options.SystemMessage = "be brief" },
        { "chat template", options => options.UseChatTemplate = true },
        { "MaxSourceTokens is 30, but", options => options.MaxSourceTokens = 30 },
        { "MaxSourceTokens must be at least 3", options => options.MaxSourceTokens = 2 },
        { "the prompt around a source alone has 6 tokens", options => (options.Prefix, options.MaxSourceTokens) = ("translate be brief : ", 5) },
        { "MaxTargetTokens is 30, but", options => options.MaxTargetTokens = 30 },
        { "MaxTargetTokens must be at least 3", options => options.MaxTargetTokens = 2 },
        { "MaxTokens is 30, but", options => options.MaxTokens = 30 },
        { "LabelSmoothing", options => options.LabelSmoothing = 1 },
        { "ValidationMetric", options => options.ValidationMetric = (SequenceToSequenceMetric)99 },
        { "Generation is null", options => options.Generation = null! },
        { "Beams", options => options.Generation = new() { Beams = 0 } },
        { "Generation.ReturnedSequences is 2", options => options.Generation = new() { Beams = 2, ReturnedSequences = 2 } },
        { "Generation.LogitsProcessors", options => options.Generation = new() { LogitsProcessors = [null!] } },
        { "MaxNewTokens is 5 and MaxLength is 6", options => options.Generation = new() { MaxNewTokens = 5, MaxLength = 6 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named(string expected, Action<SequenceToSequenceOptions> spoil) => Refused(expected, Fresh("bart"), spoil);

    [Fact]
    public void A_decoders_limits_leave_room_for_its_source()
    {
        Refused(
            "MaxSourceTokens is 9, but MaxTokens is 14, in which source and target stand together; give at most 6", Fresh("llama"),
            options => (options.MaxTokens, options.MaxSourceTokens, options.MaxTargetTokens) = (14, 9, 8));
        Refused("MaxSourceTokens is 13, but the network of a fresh network has 19 positions, in which source and target stand together; give at most 11", Fresh("llama"), options => options.MaxSourceTokens = 13);
        Refused("MaxNewTokens is 17", Fresh("llama"), options => options.Generation = new() { MaxNewTokens = 17 });
        Refused("Generation.MaxLength counts a decoder's prompt", Fresh("llama"), options => options.Generation = new() { MaxLength = 17 });
        Refused("MaxTargetTokens is 8, but MaxTokens is 10, in which source and target stand together; give at most 7", Fresh("llama"), options => (options.MaxTokens, options.MaxTargetTokens) = (10, 8));
        Refused(
            "MaxTokens is 4, of which 2 are kept for the target: 2 are left for the source", Fresh("llama"),
            options => (options.MaxTokens, options.MaxTargetTokens, options.Generation) = (4, null, new()));
    }

    [Fact]
    public void A_column_of_the_wrong_type_is_named()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable([new { Source = 1f, Target = "x" }]);

        Assert.Contains("'Source'", Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceToSequence(Fresh("bart"), Options()).Fit(numbers)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_source_column_is_named_when_texts_are_to_be_written()
    {
        using SequenceToSequenceTransformer model = Train(_ml, options: Options(1));

        Assert.Contains("'Source'", Assert.ThrowsAny<Exception>(() => model.Transform(_ml.Data.LoadFromEnumerable([new { Text = "x" }]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_target_are_skipped_and_counted()
    {
        List<string> log = Log(_ml);
        using SequenceToSequenceTransformer model = Train(_ml, options: Options(1), rows: [.. Rows, new() { Source = "a dog" }, new() { Source = "a cat", Target = "" }]);

        Assert.Contains("2 training rows have no target, and are skipped.", log);
    }

    [Fact]
    public void No_usable_row_is_an_error() => Assert.Contains(
        "No training row is usable", Assert.Throws<InvalidOperationException>(() => Train(_ml, options: Options(1), rows: [new() { Source = "a dog" }])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_encoder_is_told_how_to_become_one_that_writes()
    {
        Exception error = Assert.Throws<NotSupportedException>(() => _ml.Transformers().SequenceToSequence(SampleNetworks.Tiny()));

        Assert.Contains("'bert'", error.Message, StringComparison.Ordinal);
        Assert.Contains("AsEncoderDecoder()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GLM_of_2022_needs_the_tokens_of_a_blank()
    {
        Checkpoint fresh = Fresh("glm of 2022", null, ("vocab_size", 200));
        var other = Checkpoint.FromConfig(fresh.Config, SampleNetworks.Tiny().Tokenizer);

        Assert.Contains("'<|endofpiece|>'", Assert.Throws<InvalidOperationException>(() => _ml.Transformers().SequenceToSequence(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fresh_weights_write_nothing_before_they_are_trained() =>
        Assert.Throws<InvalidOperationException>(() => _ml.Transformers().ApplySequenceToSequence(Fresh("bart")).Fit(Data(_ml)));

    private void Refused(string expected, Checkpoint checkpoint, Action<SequenceToSequenceOptions> spoil)
    {
        SequenceToSequenceOptions options = Options(1);
        spoil(options);
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceToSequence(checkpoint, options).Fit(Data(_ml)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
