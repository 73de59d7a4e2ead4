using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Ranges, files and which of them counts.</summary>
public sealed class GenerationOptionsTests
{
    private static readonly IReadOnlyDictionary<string, GenerationOptions> _wrong = new Dictionary<string, GenerationOptions>
    {
        ["MaxNewTokens"] = new() { MaxNewTokens = 0 },
        ["MaxLength"] = new() { MaxLength = 1 },
        ["MinNewTokens"] = new() { MinNewTokens = -1 },
        ["MinLength"] = new() { MinLength = -1 },
        ["Beams"] = new() { Beams = 0 },
        ["EarlyStopping"] = new() { EarlyStopping = (EarlyStopping)9 },
        ["LengthPenalty"] = new() { LengthPenalty = double.NaN },
        ["Temperature"] = new() { Sample = true, Temperature = 0 },
        ["TopK"] = new() { TopK = -1 },
        ["TopP"] = new() { TopP = 1.1 },
        ["MinP"] = new() { MinP = -0.1 },
        ["TypicalP"] = new() { TypicalP = 0 },
        ["EpsilonCutoff"] = new() { EpsilonCutoff = 1 },
        ["EtaCutoff"] = new() { EtaCutoff = double.NaN },
        ["RepetitionPenalty"] = new() { RepetitionPenalty = 0 },
        ["EncoderRepetitionPenalty"] = new() { EncoderRepetitionPenalty = -1 },
        ["NoRepeatNgramSize"] = new() { NoRepeatNgramSize = -1 },
        ["EncoderNoRepeatNgramSize"] = new() { EncoderNoRepeatNgramSize = -1 },
        ["BadWords"] = new() { BadWords = [[]] },
        ["SequenceBias"] = new() { SequenceBias = [([99], 1)] },
        ["SuppressedIds"] = new() { SuppressedIds = [-1] },
        ["SuppressedFirstIds"] = new() { SuppressedFirstIds = [99] },
        ["ForcedBosId"] = new() { ForcedBosId = 99 },
        ["ForcedEosIds"] = new() { ForcedEosIds = [99] },
        ["LengthDecay"] = new() { LengthDecay = (3, 0) },
        ["EosIds"] = new() { EosIds = [2, 30] },
        ["BosId"] = new() { BosId = -1 },
        ["DecoderStartId"] = new() { DecoderStartId = 30 },
        ["ReturnedSequences"] = new() { ReturnedSequences = 0 },
        ["StopStrings"] = new() { StopStrings = ["a", ""] },
    };

    public GenerationOptionsTests() => NativeBackend.EnsureLoaded();

    public static TheoryData<string> Wrong => [.. _wrong.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_error_names_the_property(string property)
    {
        using TaskModel model = Writers.Llama(30);

        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Writers.Sequences(model, Writers.Prompt([1]), _wrong[property]));

        Assert.Equal(property, error.ParamName);
        Assert.Contains(property, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        using TaskModel model = Writers.Llama(30);

        Refused(new() { MaxNewTokens = 3, MaxLength = 9 }, "MaxNewTokens", "MaxLength");
        Refused(new() { ReturnedSequences = 2 }, "ReturnedSequences", "Sample");
        Refused(new() { Beams = 2, ReturnedSequences = 3 }, "ReturnedSequences", "Beams");

        void Refused(GenerationOptions options, params string[] names)
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Writers.Sequences(model, Writers.Prompt([1]), options));
            Assert.All(names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_file_is_read_in_full()
    {
        GenerationOptions read = Parse(
            """
            {"_from_model_config": true, "transformers_version": "5.23.0", "use_cache": true, "max_new_tokens": 48, "min_new_tokens": 2, "min_length": 3,
             "num_beams": 4, "early_stopping": "never", "length_penalty": 2, "do_sample": true, "temperature": 0.6, "top_k": 7, "top_p": 0.9, "min_p": 0.1,
             "typical_p": 0.8, "epsilon_cutoff": 0.0003, "eta_cutoff": 0.0004, "repetition_penalty": 1.1, "encoder_repetition_penalty": 1.2,
             "no_repeat_ngram_size": 3, "encoder_no_repeat_ngram_size": 4, "bad_words_ids": [[1], [2, 3]], "sequence_bias": [[[4, 5], -1.5]],
             "suppress_tokens": [6], "begin_suppress_tokens": [7, 8], "forced_bos_token_id": 0, "forced_eos_token_id": 2,
             "exponential_decay_length_penalty": [5, 1.5], "eos_token_id": [2, 3], "pad_token_id": 1, "bos_token_id": 9, "decoder_start_token_id": 10,
             "num_return_sequences": 2, "stop_strings": "END", "renormalize_logits": true, "num_beam_groups": 1, "guidance_scale": null}
            """);

        Assert.Equal((48, 2, 3, 4, EarlyStopping.Never), (read.MaxNewTokens, read.MinNewTokens, read.MinLength, read.Beams, read.EarlyStopping));
        Assert.Equal((2.0, true, 0.6, 7, 0.9, 0.1, 0.8), (read.LengthPenalty, read.Sample, read.Temperature, read.TopK, read.TopP, read.MinP, read.TypicalP));
        Assert.Equal((0.0003, 0.0004, 1.1, 1.2, 3, 4), (read.EpsilonCutoff, read.EtaCutoff, read.RepetitionPenalty, read.EncoderRepetitionPenalty, read.NoRepeatNgramSize, read.EncoderNoRepeatNgramSize));
        Assert.Equal(["1", "2 3"], read.BadWords!.Select(word => string.Join(' ', word)));
        Assert.Equal("4 5: -1.5", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{string.Join(' ', read.SequenceBias![0].Ids)}: {read.SequenceBias[0].Bias}"));
        Assert.Equal([6], read.SuppressedIds!);
        Assert.Equal([7, 8], read.SuppressedFirstIds!);
        Assert.Equal([2], read.ForcedEosIds!);
        Assert.Equal([2, 3], read.EosIds!);
        Assert.Equal((0, 1, 9, 10, 2, (5, 1.5), true), (read.ForcedBosId, read.PadId, read.BosId, read.DecoderStartId, read.ReturnedSequences, read.LengthDecay, read.Renormalize));
        Assert.Equal(["END"], read.StopStrings!);
    }

    [Theory]
    [InlineData("""{"num_beam_groups": 1.5}""", "num_beam_groups")]
    [InlineData("""{"penalty_alpha": 0.6}""", "penalty_alpha")]
    [InlineData("""{"dola_layers": "low"}""", "dola_layers")]
    [InlineData("""{"watermarking_config": {}}""", "watermarking_config")]
    [InlineData("""{"remove_invalid_values": true}""", "remove_invalid_values")]
    [InlineData("""{"early_stopping": "soon"}""", "early_stopping")]
    [InlineData("""{"eos_token_id": "</s>"}""", "eos_token_id")]
    [InlineData("""{"bad_words_ids": [1]}""", "bad_words_ids")]
    [InlineData("""{"sequence_bias": {"1": 2}}""", "sequence_bias")]
    [InlineData("""{"exponential_decay_length_penalty": 3}""", "exponential_decay_length_penalty")]
    [InlineData("""{"top_k": 1.5}""", "top_k")]
    public void An_error_names_the_key(string json, string key)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json));

        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("generation_config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_go_before_the_file()
    {
        GenerationOptions file = Parse("""{"max_new_tokens": 48, "num_beams": 4, "eos_token_id": 2}""");

        GenerationOptions both = GenerationSettings.Merge(new GenerationOptions { Beams = 1, EosIds = [], MaxLength = 9 }, file);

        Assert.Equal((1, 9, null), (both.Beams, both.MaxLength, both.MaxNewTokens));
        Assert.Empty(both.EosIds!);
        Assert.Equal(48, GenerationSettings.Merge(new GenerationOptions(), file).MaxNewTokens);
    }

    [Fact]
    public void Every_property_of_the_file_comes_through()
    {
        // A property that the table forgot would be null.
        foreach ((string name, GenerationOptions options) in _wrong)
        {
            System.Reflection.PropertyInfo property = typeof(GenerationOptions).GetProperty(name)!;
            Assert.Equal(property.GetValue(options), property.GetValue(GenerationSettings.Merge(new GenerationOptions(), options)));
        }
    }

    [Fact]
    public void Without_the_file_the_keys_of_the_config_count()
    {
        using var folder = new TemporaryFolder();
        ModelConfig config = Networks.Config("bart", ("num_beams", 4), ("forced_eos_token_id", 2), ("max_length", 20), ("early_stopping", true));

        GenerationOptions legacy = GenerationConfigFile.Read(folder.Folder, config);

        Assert.Equal((4, EarlyStopping.WhenFull, null), (legacy.Beams, legacy.EarlyStopping, legacy.MaxLength));
        Assert.Equal([2], legacy.ForcedEosIds!);
        File.WriteAllText(Path.Combine(folder.Folder, "generation_config.json"), """{"num_beams": 2}""");
        GenerationOptions file = GenerationConfigFile.Read(folder.Folder, config);
        Assert.Equal((2, null, null), (file.Beams, file.EarlyStopping, file.ForcedEosIds));
    }

    [Fact]
    public void A_wrong_key_of_the_config_is_named_with_its_folder()
    {
        using var folder = new TemporaryFolder();
        ModelConfig config = Networks.Config("bart", ("penalty_alpha", 3));

        string message = Assert.Throws<CheckpointException>(() => GenerationConfigFile.Read(folder.Folder, config)).Message;

        Assert.Contains(folder.File("config.json"), message, StringComparison.Ordinal);
        Assert.Contains("penalty_alpha", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_row_for_every_option()
    {
        string[] properties = [.. typeof(GenerationOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => property.Name).Where(name => name is not ("EqualityContract" or nameof(GenerationOptions.Source)))];

        Assert.Equal(properties.Order(), GenerationOptionTable.Rows.Select(row => row.Name).Order());
    }

    [Fact]
    public void A_temperature_of_zero_without_sampling_is_greedy()
    {
        using TaskModel model = Writers.Llama(30);

        Assert.Equal(
            Writers.Write(model, Writers.Prompt([1, 5, 9]), new GenerationOptions { MaxNewTokens = 4 }),
            Writers.Write(model, Writers.Prompt([1, 5, 9]), new GenerationOptions { MaxNewTokens = 4, Temperature = 0 }));
    }

    [Theory]
    [InlineData("""{"do_sample": false, "temperature": 0.0, "top_p": 1.0}""")]
    [InlineData("""{"temperature": -1, "top_k": -1, "top_p": 7, "typical_p": 0, "epsilon_cutoff": 1}""")]
    [InlineData("""{"num_beams": 1, "length_penalty": 1e999}""")]
    [InlineData("""{"num_beam_groups": 2, "diversity_penalty": 0.5}""")]
    [InlineData("""{"num_return_sequences": 5}""")]
    public void What_does_not_matter_now_is_left_alone(string file)
    {
        var settings = new GenerationSettings(new GenerationOptions(), Parse(file), Networks.Config("llama"));

        Assert.Equal((false, 1, 1), (settings.Sample, settings.Beams, settings.ReturnedSequences));
    }

    [Theory]
    [InlineData("""{"do_sample": true, "temperature": 0.0}""", "'temperature' is 0")]
    [InlineData("""{"do_sample": true, "top_p": 7}""", "'top_p' is 7")]
    [InlineData("""{"num_beams": 0}""", "'num_beams' is 0")]
    [InlineData("""{"num_beams": 4, "num_beam_groups": 2}""", "'num_beam_groups' is 2")]
    [InlineData("""{"num_beams": 4, "diversity_penalty": 0.5}""", "'diversity_penalty' is 0.5")]
    [InlineData("""{"eos_token_id": 99999}""", "'eos_token_id' is 99999")]
    public void What_the_file_says_wrongly_is_an_error_of_the_file(string file, string expected)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => new GenerationSettings(new GenerationOptions(), Parse(file), Networks.Config("llama")));

        Assert.Contains($"'generation_config.json': {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_of_the_file_may_be_written_with_a_point_or_a_power()
    {
        GenerationOptions read = Parse(
            """{"max_new_tokens": 1e2, "num_beams": 4.0, "eos_token_id": [2.0, 3], "pad_token_id": 0.0, "exponential_decay_length_penalty": [5.0, 2], "suppress_tokens": [7e0], "bad_words_ids": [[1.0]], "sequence_bias": [[[8.0], 1]]}""");

        Assert.Equal((100, 4, 0), (read.MaxNewTokens, read.Beams, read.PadId));
        Assert.Equal((5, 2.0), read.LengthDecay);
        Assert.Equal([2, 3, 7, 1, 8], [.. read.EosIds!, .. read.SuppressedIds!, .. read.BadWords!.Single(), .. read.SequenceBias!.Single().Ids]);
        Assert.Contains("'num_beams' is 4.5; expected a whole number", Assert.Throws<CheckpointException>(() => Parse("""{"num_beams": 4.5}""")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"eos_token_id": -1, "bos_token_id": -1, "pad_token_id": -1, "decoder_start_token_id": -1}""", null)]
    [InlineData("""{"eos_token_id": [2, -1]}""", "2")]
    [InlineData("""{"eos_token_id": []}""", "")]
    public void A_negative_number_of_the_file_is_no_token(string file, string? ends)
    {
        GenerationOptions read = Parse(file);

        Assert.Equal(ends, read.EosIds is { } ids ? string.Join(' ', ids) : null);
        Assert.Equal((null, null, null), (read.BosId, read.PadId, read.DecoderStartId));
    }

    [Fact]
    public void What_the_file_says_too_largely_and_does_not_matter_is_not_written_again() =>
        Assert.Equal("""{"num_beams":1}""", JsonNode.Parse(GenerationConfigFile.Write(Parse("""{"num_beams": 1, "length_penalty": 1e999}""")))!.ToJsonString());

    [Fact]
    public void A_caller_goes_before_what_the_file_says_wrongly()
    {
        GenerationOptions file = Parse("""{"do_sample": true, "temperature": 0.0}""");

        Assert.False(new GenerationSettings(new GenerationOptions { Sample = false }, file, Networks.Config("llama")).Sample);
        Assert.Equal(0.5, new GenerationSettings(new GenerationOptions { Temperature = 0.5 }, file, Networks.Config("llama")).Options.Temperature);
        GenerationOptions groups = Parse("""{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5}""");
        Assert.Equal(1, new GenerationSettings(new GenerationOptions { Beams = 1 }, groups, Networks.Config("bart")).Beams);
    }

    [Fact]
    public void Beams_of_the_file_cannot_be_streamed_and_the_file_is_named()
    {
        var settings = new GenerationSettings(new GenerationOptions(), Parse("""{"num_beams": 4}"""), Networks.Config("bart"));

        Assert.Contains("'generation_config.json': 'num_beams' is 4", Assert.Throws<CheckpointException>(settings.RequireOneBeam).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_copied()
    {
        List<int> ends = [2];
        var settings = new GenerationSettings(new GenerationOptions { EosIds = ends }, new GenerationOptions(), Networks.Config("llama"));

        ends.Add(3);

        Assert.Equal([2], settings.EosIds);
    }

    private static GenerationOptions Parse(string json) =>
        GenerationConfigFile.Read(ConfigJson.Parse(Encoding.UTF8.GetBytes(json), "generation_config.json"));
}
