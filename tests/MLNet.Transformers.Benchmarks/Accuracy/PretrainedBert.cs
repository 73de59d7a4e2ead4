using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Benchmarks.Pretraining;
using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>The network of TREC from scratch, first a masked language model of the English texts at hand: what pretraining is worth at the same size.</summary>
internal static class PretrainedBert
{
    private const int Steps = 12000;
    private const int Judgements = 8;

    // Of fresh weights. BERT's 0.02 is for a width of 768: in a network of 256 layers would add next to nothing, and learning would begin late.
    private const double Deviation = 0.06;

    // Questions are few beside encyclopedia and captions, and what TREC is about.
    private const int TimesQuestions = 5;

    /// <summary>The network: pretrained once, for all seeds of what follows and for the next runs.</summary>
    public static Checkpoint Of(RunSettings settings)
    {
        int steps = settings.MaxSteps ?? Steps;
        string folder = Path.Combine(settings.Scratch, Invariant($"trec-pretrained-{steps}"));
        if (!Directory.Exists(folder))
        {
            Pretrain(settings, steps, folder);
        }
        return folder;
    }

    private static void Pretrain(RunSettings settings, int steps, string folder)
    {
        // Always with the same seed: whichever comes first, all begin with one network.
        MLContext ml = AccuracyTable.Context(settings with { Seed = 1 });
        string[] texts = [.. Texts(ml, settings.Data)];
        Console.WriteLine(Invariant($"pretraining on {texts.Length} documents, {texts.Sum(text => text.Length) / 1e6:F1} million characters, {steps} steps"));
        Checkpoint network = SmallNetworks.Bert(settings);
        Checkpoint fresh = Checkpoint.FromConfig((BertConfig)network.Config with { InitializerRange = Deviation }, network.Tokenizer);
        using PretrainingTransformer pretrained = ml.Transformers().Pretraining(fresh, new MaskedLanguageModelObjective { MaskedShare = 0.2 }, new()
        {
            MaxSteps = steps, BatchSize = 16, MaxTokens = 64, LearningRate = 1e-3, DropoutFreeShare = 1, Precision = settings.Precision, StateFolder = $"{folder}-state",
            ValidationShare = 0.02, ValidateEverySteps = Math.Max(1, steps / Judgements), Progress = new Reporter(),
        }).Fit(ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text })));
        pretrained.SaveCheckpoint(folder);
    }

    // Of TREC the questions of the training rows alone, without what they ask for.
    private static IEnumerable<string> Texts(MLContext ml, string data)
    {
        IDataView squad = ml.Transformers().LoadSquad(Path.Combine(data, "squad-v2-cs224n", "squad-v2-part.json"));
        string[] tatoeba = [.. File.ReadLines(Path.Combine(data, "tatoeba-en-zh", "cmn.txt")).Select(line => line.Split('\t')[0]).Distinct()];
        IEnumerable<string> questions = [.. DataSet.TrecQuestions(data), .. squad.GetColumn<string>("Question").Distinct()];
        return
        [
            .. Enumerable.Repeat(questions, TimesQuestions).SelectMany(question => question),
            .. tatoeba,
            .. squad.GetColumn<string>("Context").Distinct(),
            .. PlainText.Articles(Path.Combine(data, "wikitext-2", "wiki.valid.raw")),
            .. PlainText.Articles(Path.Combine(data, "wikitext-2", "wiki.test.raw")),
            .. WritingTasks.Lines(data, "train.en.gz"),
            .. WritingTasks.Abstracts(data),
            .. DataSet.Sentences(data),
        ];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Reporter : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Validation is { } metrics)
            {
                Console.WriteLine(Invariant(
                    $"  step {value.Step}: training loss {value.Loss:F3}, held out perplexity {metrics["Perplexity"]:F1}; {value.TokensPerSecond:F0} tokens/s, {value.Remaining:mm\\:ss} to go"));
            }
        }
    }
}
