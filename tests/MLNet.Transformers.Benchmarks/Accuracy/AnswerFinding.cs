using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Question answering: MiniLM on a part of SQuAD 2 with the reference's settings, and a small BERT from scratch on CMRC 2018's trial set.</summary>
internal static class AnswerFinding
{
    private sealed class Asked
    {
        public string Id { get; set; } = "";

        public string Title { get; set; } = "";

        public string Context { get; set; } = "";

        public string Question { get; set; } = "";

        public string[] Answer { get; set; } = [];

        public int[] AnswerStart { get; set; } = [];
    }

    private sealed class Found
    {
        public string PredictedAnswer { get; set; } = "";

        public float NullScore { get; set; }

        public string[] TopAnswers { get; set; } = [];
    }

    public static IReadOnlyList<AccuracyRun> Runs { get; } =
    [
        new("squad2", "F1", [47.9], settings => Run(
            "squad2", settings, Path.Combine("squad-v2-cs224n", "squad-v2-part.json"), ..4, 10..12, settings.MiniLm,
            new() { Epochs = 2, BatchSize = 16, LearningRate = 5e-5, MaxTokens = 256, Stride = 64 }, text => text)),
        new("cmrc2018-scratch", "F1 of characters", [], settings => Run(
            "cmrc2018-scratch", settings, Path.Combine("cmrc2018", "cmrc2018_trial.json"), ..204, 204..,
            SmallNetworks.ChineseBert(settings),
            new() { Epochs = 8, BatchSize = 16, LearningRate = 3e-4 }, text => string.Join(' ', text.EnumerateRunes()))),
    ];

    /// <param name="name">What to call the run.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="file">A SQuAD file.</param>
    /// <param name="trained">Articles of it to learn from.</param>
    /// <param name="evaluated">Articles to evaluate.</param>
    /// <param name="checkpoint">What training begins with.</param>
    /// <param name="options">Settings of training.</param>
    /// <param name="words">Puts blanks between what F1 counts as words.</param>
    private static double Run(
        string name, RunSettings settings, string file, Range trained, Range evaluated, Checkpoint checkpoint, QuestionAnsweringOptions options, Func<string, string> words)
    {
        MLContext ml = AccuracyTable.Context(settings);
        (options.Precision, options.MaxSteps) = (settings.Precision, settings.MaxSteps);
        Asked[][] articles =
        [
            .. ml.Data.CreateEnumerable<Asked>(ml.Transformers().LoadSquad(Path.Combine(settings.Data, file)), reuseRowObject: false)
                .GroupBy(row => row.Title).Select(article => article.ToArray()),
        ];
        Asked[] test = [.. articles[evaluated].SelectMany(article => article)];
        var clock = Stopwatch.StartNew();
        using QuestionAnsweringTransformer model =
            ml.Transformers().QuestionAnswering(checkpoint, options).Fit(ml.Data.LoadFromEnumerable(articles[trained].SelectMany(article => article)));
        double training = clock.Elapsed.TotalSeconds;
        Found[] found = [.. ml.Data.CreateEnumerable<Found>(model.Transform(ml.Data.LoadFromEnumerable(test)), reuseRowObject: false)];
        QuestionAnsweringMetrics metrics = QuestionAnsweringMetrics.Of(
            [.. test.Zip(found, (asked, answer) => new AnsweredQuestion(words(answer.PredictedAnswer), [.. asked.Answer.Select(words)], answer.NullScore, asked.Id))]);
        // Of the questions that have an answer, with the best answer whatever the null score.
        AnswerScores forced = QuestionAnsweringMetrics.Of(
        [
            .. test.Zip(found).Where(pair => pair.First.Answer.Length > 0).Select(pair =>
                new AnsweredQuestion(words(pair.Second.TopAnswers.FirstOrDefault() ?? ""), [.. pair.First.Answer.Select(words)])),
        ]).All;
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {settings.Seed}, {settings.Precision}: exact match {metrics.All.ExactMatch:F1}, F1 {metrics.All.F1:F1} of {metrics.All.Questions}; best with another threshold {metrics.BestF1?.Score:F1}; answerable and forced: {forced.ExactMatch:F1}, {forced.F1:F1} of {forced.Questions}; trained in {training:F0} s, evaluated in {clock.Elapsed.TotalSeconds - training:F1} s"));
        return metrics.All.F1;
    }
}
