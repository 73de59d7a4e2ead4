namespace MLNet.Transformers.Models.Generation;

/// <summary>A text that beam search follows.</summary>
/// <param name="Tokens">Its new tokens.</param>
/// <param name="Score">Sum of their log-probabilities.</param>
/// <param name="Finish">Why it ends; null: it goes on.</param>
/// <param name="Text">What it says, where stop strings are looked for.</param>
internal readonly record struct Hypothesis(IReadOnlyList<int> Tokens, float Score, FinishReason? Finish, WrittenText? Text = null);

/// <summary>A continuation of one of a prompt's beams, with the beam's number.</summary>
internal readonly record struct Candidate(int Beam, Hypothesis Text);

/// <summary>
/// The beams of one prompt and its finished texts (reference: generation/utils.py, _beam_search). Numbers are float32 as there, so that what is
/// better stays the same.
/// </summary>
/// <param name="beams">How many texts are followed, and how many finished ones are kept.</param>
/// <param name="lengthPenalty">Exponent of the length that scores are divided by.</param>
/// <param name="earlyStopping">When the search ends.</param>
/// <param name="mostTokens">New tokens at the longest length.</param>
/// <param name="text">The empty text, where stop strings are looked for.</param>
internal sealed class BeamGroup(int beams, double lengthPenalty, EarlyStopping earlyStopping, long mostTokens, WrittenText? text = null)
{
    // Far below any score: a beam that is none yet.
    private const float Never = -1e9f;

    private Hypothesis[] _running = [.. Enumerable.Range(0, beams).Select(beam => new Hypothesis([], beam == 0 ? 0 : Never, null, text))];
    private Hypothesis[] _finished = [.. Enumerable.Repeat(new Hypothesis([], Never, null), beams)];

    /// <summary>The texts that go on, best first. Before the first step they are all the prompt, and only the first counts.</summary>
    public IReadOnlyList<Hypothesis> Running => _running;

    /// <summary>Finished texts, best first; their scores are divided by the length already.</summary>
    public IReadOnlyList<Hypothesis> Finished => _finished;

    /// <summary>Whether no further step can change the finished texts.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes the best continuations of all beams.</summary>
    /// <param name="candidates">At least as many as beams; best first.</param>
    /// <returns>Of each beam that goes on, the number of the beam that it continues.</returns>
    public int[] Advance(IReadOnlyList<Candidate> candidates)
    {
        Keep(candidates);
        Candidate[] next = [.. candidates.Select(GoingOn).OrderByDescending(candidate => candidate.Text.Score).Take(beams)];
        _running = [.. next.Select(candidate => candidate.Text)];
        IsDone = candidates.All(candidate => candidate.Text.Finish is not null)
            || (earlyStopping == EarlyStopping.WhenFull && IsFull)
            || !CanImprove;
        return [.. next.Select(candidate => candidate.Beam)];
    }

    private bool IsFull => _finished.All(text => text.Finish is not null);

    // Whether the best text that goes on could still be better than the worst finished one.
    private bool CanImprove
    {
        get
        {
            long length = earlyStopping == EarlyStopping.Never && lengthPenalty > 0 ? mostTokens : _running[0].Tokens.Count;
            return Divided(_running[0].Score, length) > (IsFull ? _finished[^1].Score : Never);
        }
    }

    // Only the best continuations, as many as beams, may finish; the others are there so that enough go on.
    private void Keep(IReadOnlyList<Candidate> candidates)
    {
        IEnumerable<Hypothesis> ended = candidates.Take(beams).Select(candidate => candidate.Text).Where(text => text.Finish is not null)
            .Select(text => text with { Score = Divided(text.Score, text.Tokens.Count) });
        _finished = [.. _finished.Concat(ended).OrderByDescending(text => text.Score).Take(beams)];
    }

    private static Candidate GoingOn(Candidate candidate) => candidate.Text.Finish is null
        ? candidate
        : candidate with { Text = candidate.Text with { Score = candidate.Text.Score + Never } };

    private float Divided(float score, long length) => score / (float)Math.Pow(length, lengthPenalty);
}
