using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Checks <c>generate</c>: what the reference writes with given settings, with our cache of keys and values and again without.</summary>
internal sealed class GenerationParity(TaskModel model, GenerationOptions checkpoint, double tolerance, Report report)
{
    private const double ScoreTolerance = 1e-4;

    private static readonly HashSet<string> _fields =
        ["name", "inputs", "params", "sequences", "sequences_scores", "first_step_scores_row0", "note"];

    private static readonly HashSet<string> _inputs = ["input_ids", "attention_mask", "position_ids", "token_type_ids", "decoder_input_ids", "decoder_attention_mask"];

    private static readonly HashSet<string> _params =
    [
        "max_new_tokens", "max_length", "min_new_tokens", "min_length", "num_beams", "early_stopping", "length_penalty", "do_sample", "temperature",
        "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "repetition_penalty", "encoder_repetition_penalty",
        "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "sequence_bias", "suppress_tokens", "begin_suppress_tokens",
        "forced_bos_token_id", "forced_eos_token_id", "exponential_decay_length_penalty", "eos_token_id", "pad_token_id", "bos_token_id",
        "decoder_start_token_id", "num_return_sequences", "renormalize_logits", "use_cache",
    ];

    public void Run(IReadOnlyList<JsonElement> items)
    {
        foreach (JsonElement item in items)
        {
            string name = item.Text("name") ?? "generate";
            report.RefuseUnknown(item, name, _fields);
            report.RefuseUnknown(item.GetProperty("inputs"), name, _inputs);
            report.RefuseUnknown(item.GetProperty("params"), name, _params);
            // Where frequencies follow the text's length, keys in a cache stay turned as they were: the reference itself writes otherwise without one.
            bool? only = model.Config is DecoderConfig { Rotary.Scaling.DependsOnLength: true } ? UsesCache(item) : null;
            if (only is not false)
            {
                report.Guard(name, () => Check(item, name, cached: true));
            }
            if (only is not true)
            {
                report.Guard(name, () => Check(item, $"{name}, no cache", cached: false));
            }
        }
    }

    private void Check(JsonElement item, string name, bool cached)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Dictionary<string, Tensor> inputs = item.Properties("inputs").ToDictionary(input => input.Name, input => ExpectedTensor.Read(input.Value));
        byte[] settings = JsonSerializer.SerializeToUtf8Bytes(item.GetProperty("params"));
        double[]? firstScores = null;
        GenerationOptions options = GenerationConfigFile.Read(ConfigJson.Parse(settings, "params")) with
        {
            Cached = cached,
            ScoreObserver = scores => firstScores ??= [.. scores[0].to(ScalarType.Float64).data<double>()],
        };
        GeneratedSequence[] ours =
        [
            .. Written.Ids(model, ReferenceClass.Batch(model, inputs), options, checkpoint).SelectMany(texts => texts),
        ];
        int prompt = PromptLength(inputs);
        int[][] theirs = [.. item.Items("sequences").Select(row => UpToEnd(row.Ints()[prompt..], options.EosIds ?? []))];
        report.Equal($"{name}: sequences", ours.Length, theirs.Length);
        for (int row = 0; row < Math.Min(ours.Length, theirs.Length); row++)
        {
            report.SequenceEqual($"{name}: sequence {row}", UpToEnd(ours[row].Ids, options.EosIds ?? []), theirs[row]);
        }
        CompareScores(item, name, ours);
        if (item.TryGetProperty("first_step_scores_row0", out JsonElement first))
        {
            double[] expected = [.. first.EnumerateArray().Select(ExpectedTensor.Number)];
            CountPaddingAsOlderReleases(item, inputs, options, firstScores ?? [], expected);
            report.Within($"{name}: first scores", Difference(firstScores ?? [], expected), tolerance);
        }
    }

    private static bool UsesCache(JsonElement item) =>
        !item.GetProperty("params").TryGetProperty("use_cache", out JsonElement cache) || cache.ValueKind != JsonValueKind.False;

    private void CompareScores(JsonElement item, string name, GeneratedSequence[] ours)
    {
        double[] theirs = [.. item.Items("sequences_scores").Select(ExpectedTensor.Number)];
        if (theirs.Length > 0)
        {
            report.Within($"{name}: scores", Difference([.. ours.Select(text => text.Score ?? double.NaN)], theirs), ScoreTolerance);
        }
    }

    // Up to its version 4 the reference's repetition penalty counted the padding of a prompt. Where that changed no id, the fixture still has that
    // release's scores, in which one number is another: the padding id's, and it is the penalised one.
    private static void CountPaddingAsOlderReleases(
        JsonElement item, Dictionary<string, Tensor> inputs, GenerationOptions options, double[] ours, double[] theirs)
    {
        bool anew = item.Text("note")?.Contains("does not count padding", StringComparison.Ordinal) is true;
        if (anew || inputs.ContainsKey("decoder_input_ids") || options is not { RepetitionPenalty: { } penalty, PadId: { } padding } || ours.Length != theirs.Length)
        {
            return;
        }
        bool[] seen = inputs.TryGetValue("attention_mask", out Tensor? mask) ? [.. mask[0].ne(0).data<bool>()] : [];
        long[] row = [.. inputs["input_ids"][0].data<long>()];
        double penalised = ours[padding] < 0 ? ours[padding] * penalty : ours[padding] / penalty;
        bool onlyPadding = row.Length == seen.Length && row.Zip(seen).All(pair => pair.First != padding || !pair.Second);
        if (onlyPadding && Math.Abs(theirs[padding] - penalised) < Math.Abs(theirs[padding] - ours[padding]))
        {
            ours[padding] = penalised;
        }
    }

    private int PromptLength(Dictionary<string, Tensor> inputs) => model.Head == HeadKind.SequenceToSequence
        ? (int)(inputs.GetValueOrDefault("decoder_input_ids")?.shape[1] ?? 1)
        : (int)inputs["input_ids"].shape[1];

    private static int[] UpToEnd(IReadOnlyList<int> ids, IReadOnlyList<int> ends)
    {
        int at = ids.ToList().FindIndex(ends.Contains);
        return [.. at < 0 ? ids : ids.Take(at + 1)];
    }

    // Equal infinities differ by nothing.
    private static double Difference(double[] ours, double[] theirs) => ours.Length != theirs.Length
        ? double.PositiveInfinity
        : ours.Zip(theirs, (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b)).Aggregate(0.0, (most, one) => double.IsNaN(one) ? one : Math.Max(most, one));
}
