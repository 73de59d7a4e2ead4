using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tests.Generation;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests;

/// <summary>Tokenizers that know more tokens than their network has rows, as published ones do: only a text with such a token is an error, whatever reads it.</summary>
public sealed class TokensWithoutARowTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_takes_other_texts_and_names_the_token()
    {
        (Checkpoint checkpoint, string expected) = Classifier();
        using (_ml.Transformers().SequenceClassification(checkpoint, Options(1)).Fit(Keyed(_ml)))
        {
        }

        Review[] rows = [.. Rows, new Review { Text = "a [pad2] film", Sentiment = "bad" }];
        var error = Assert.Throws<ArgumentException>(() => _ml.Transformers().SequenceClassification(checkpoint, Options(1)).Fit(Keyed(_ml, rows)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pretraining_takes_other_texts_and_names_the_token()
    {
        (Checkpoint checkpoint, string expected) = Classifier();
        var options = new PretrainingOptions { MaxSteps = 2 };
        var objective = new MaskedLanguageModelObjective { MaskedShare = 1 };
        using (_ml.Transformers().Pretraining(checkpoint, objective, options).Fit(Keyed(_ml)))
        {
        }

        Review[] rows = [.. Rows, new Review { Text = "a [pad2] film", Sentiment = "bad" }];
        var error = Assert.Throws<ArgumentException>(() => _ml.Transformers().Pretraining(checkpoint, objective, options).Fit(Keyed(_ml, rows)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_and_an_engine_take_other_texts_and_name_the_token()
    {
        (Checkpoint checkpoint, string expected) = Classifier();
        using SequenceClassificationTransformer model = _ml.Transformers().ApplySequenceClassification(checkpoint).Fit(Keyed(_ml));
        using PredictionEngine<Review, Answer> engine = _ml.Model.CreatePredictionEngine<Review, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.Equal(Scores(_ml, model, "a great film")[0], engine.Predict(new Review { Text = "a great film" }).Score);
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => Scores(_ml, model, "a great film", "a [pad2] film")).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => engine.Predict(new Review { Text = "a [pad2] film" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_model_names_the_token_too()
    {
        (Checkpoint checkpoint, string expected) = Classifier();
        using SequenceClassificationTransformer model = _ml.Transformers().ApplySequenceClassification(checkpoint).Fit(Keyed(_ml));
        _ml.Transformers().SaveModel(model, null, _folder.File("model.zip"));
        using var loaded = (IDisposable)_ml.Model.Load(_folder.File("model.zip"), out _);

        Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => Scores(_ml, (ITransformer)loaded, "a [pad2] film")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generation_takes_other_texts_and_names_the_token()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Copy("llama-stories260K", "hf-converted");
        _folder.Write("added_tokens.json", """{"[PAD]": 512}""");
        using TextGenerator generator = Generators.Load(_folder.Folder);
        GenerationOptions options = new() { MaxNewTokens = 5, Sample = false };
        const string Expected = "The token '[PAD]' has the id 512, but the network's embedding table has 512 rows";

        Assert.NotEmpty(generator.Generate("Once upon a time", options, TestContext.Current.CancellationToken));
        Assert.Contains(Expected, Assert.Throws<ArgumentException>(() => generator.Generate("Once [PAD]", options, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (string _ in generator.StreamAsync("Once [PAD]", options, TestContext.Current.CancellationToken))
            {
            }
        });
        Assert.Contains(Expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_may_have_no_row()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Copy("llama-stories260K", "hf-converted");
        _folder.Write("added_tokens.json", """{"[PAD]": 512}""");
        using TextGenerator generator = Generators.Load(_folder.Folder);
        string[] prompts = ["Once upon a time, there was", "The"];

        string[] Written(int pad) => [.. generator.GenerateBatch(prompts, new() { MaxNewTokens = 8, Sample = false, PadId = pad }, TestContext.Current.CancellationToken).Select(row => row[0].Text)];

        Assert.Equal(Written(0), Written(512));
    }

    [Fact]
    public void An_encoder_and_decoder_names_the_token()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Copy("bart-multi30k-tiny");
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(_folder.File("tokenizer.json")))!;
        json["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{"id": 4000, "content": "<ent>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}"""));
        _folder.Write("tokenizer.json", json.ToJsonString());
        using TextGenerator generator = Generators.Load(_folder.Folder);

        Assert.NotEmpty(generator.Generate("Ein Mann", new() { MaxNewTokens = 5 }, TestContext.Current.CancellationToken));
        var error = Assert.Throws<ArgumentException>(() => generator.Generate("Ein <ent> Mann", new() { MaxNewTokens = 5 }, TestContext.Current.CancellationToken));
        Assert.Contains("The token '<ent>' has the id 4000, but the network's embedding table has 4000 rows", error.Message, StringComparison.Ordinal);
    }

    // A classifier whose tokenizer got one more token afterwards.
    private (Checkpoint Checkpoint, string Expected) Classifier()
    {
        using (SequenceClassificationTransformer trained = Train(_ml, Options(1)))
        {
            trained.SaveCheckpoint(_folder.Folder);
        }
        int id = SampleNetworks.Tiny().Tokenizer.MaxId + 1;
        _folder.Write("added_tokens.json", $$"""{"[pad2]": {{id}}}""");
        Checkpoint checkpoint = _folder.Folder;
        Assert.Equal(id, checkpoint.Tokenizer.MaxId);
        return (checkpoint, $"The token '[pad2]' has the id {id}, but the network's embedding table has {id} rows");
    }

    private void Copy(params string[] folder)
    {
        foreach (string path in Directory.EnumerateFiles(Shared.Path(["weights", .. folder])))
        {
            File.Copy(path, _folder.File(Path.GetFileName(path)));
        }
    }
}
