using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>Scores of choices: of each the sum of its tokens' log-probabilities behind a text, or in its blank (Du et al. 2022, §2.3).</summary>
internal sealed class ClozeScorer
{
    private readonly ITargetLayout _layout;

    /// <param name="head">The head that the network writes with.</param>
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="config">Of the network: which ids it knows.</param>
    /// <param name="form">The choices.</param>
    /// <exception cref="ArgumentException">A choice has no token, or one that the network has no row for; or two have the same.</exception>
    public ClozeScorer(HeadSpec head, TextEncoder tokenizer, ModelConfig config, ClozeForm form)
    {
        _layout = ITargetLayout.Of(head, tokenizer);
        LengthPenalty = form.LengthPenalty;
        var embedded = new EmbeddedTokens(tokenizer, config);
        Choices = [.. form.Choices.Select(choice => embedded.Check(tokenizer.Encode(choice.Text, null, new EncodeOptions { AddSpecialTokens = false }).Ids))];
        for (int i = 0; i < Choices.Count; i++)
        {
            if (Choices[i].Length == 0)
            {
                throw new ArgumentException($"The text '{form.Choices[i].Text}' of the label '{form.Choices[i].Label}' has no token.");
            }
            int same = Choices.ToList().FindIndex(other => other.AsSpan().SequenceEqual(Choices[i]));
            if (same != i)
            {
                throw new ArgumentException($"The texts of the labels '{form.Choices[same].Label}' and '{form.Choices[i].Label}' have the same tokens; give two that differ.");
            }
        }
    }

    /// <summary>The tokens of each choice.</summary>
    public IReadOnlyList<int[]> Choices { get; }

    /// <summary>As <see cref="ClozeForm.LengthPenalty"/>.</summary>
    public double LengthPenalty { get; }

    /// <summary>A text in its pattern.</summary>
    /// <param name="ids">Ids of the text.</param>
    /// <param name="label">Its class, from 0; null where it is to be predicted.</param>
    public ClozeText Text(int[] ids, int? label) => new(new TokenSequence(ids), label, Choices.Sum(choice => ids.Length + choice.Length));

    /// <summary>What the network reads: each text with each choice, (texts × choices, tokens).</summary>
    public TokenBatch Batch(IReadOnlyList<ClozeText> rows, NetworkInputs inputs) =>
        _layout.Learn([.. rows.SelectMany(row => Choices.Select(choice => new SourceTarget(row.Tokens, choice, "")))], inputs).Batch;

    /// <summary>The scores of each text's choices, (texts, choices).</summary>
    /// <param name="output">What the network gave for <see cref="Batch"/>.</param>
    /// <param name="rows">The texts.</param>
    public Tensor Scores(HeadOutput output, IReadOnlyList<ClozeText> rows)
    {
        int longest = rows.Max(row => row.Tokens.Ids.Length);
        int[][][] ids = [.. rows.SelectMany(_ => Choices.Select(choice => (int[][])[choice]))];
        int[][][] places =
        [
            .. rows.SelectMany(row => Choices.Select(choice =>
                (int[][])[[.. Enumerable.Range(_layout.FirstScore(row.Tokens.Ids.Length, longest), choice.Length)]])),
        ];
        Tensor scores = ClozeScores.Of(output.Logits, ids, places).reshape(rows.Count, Choices.Count);
        return LengthPenalty == 0 ? scores : scores / tensor([.. Choices.Select(choice => (float)Math.Pow(choice.Length, LengthPenalty))], device: scores.device);
    }

    /// <summary>How classes are read from what the network gave.</summary>
    public ScoreReading<ClozeText, float[], ClozeAnswer> Reading => new(
        (output, rows) => [.. Scores(output, rows).softmax(-1).cpu().data<float>().ToArray().Chunk(Choices.Count)],
        static (_, parts) => new ClozeAnswer(System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(parts[0]), parts[0]));
}

/// <summary>The most probable class, from 0, and the probabilities of all.</summary>
internal readonly record struct ClozeAnswer(int Class, float[] Probabilities);
