using System.Security.Cryptography;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>A question with a window over its context.</summary>
/// <param name="Window">What the network reads, and where its tokens stand in the context.</param>
/// <param name="Context">The whole context.</param>
/// <param name="Answers">The right answers; none where there is no answer, or where it is to be predicted.</param>
/// <param name="Start">The first token of the answer; 0, the first of all, where it is not in the window.</param>
/// <param name="End">The last token of the answer, or 0.</param>
internal readonly record struct AnswerWindow(TextWindow Window, string Context, IReadOnlyList<string> Answers, int Start = 0, int End = 0) : IFeature
{
    public TokenSequence Tokens => Window.Tokens;

    public void AddTo(IncrementalHash hash)
    {
        Tokens.AddTo(hash);
        hash.AppendData(BitConverter.GetBytes(Start));
        hash.AppendData(BitConverter.GetBytes(End));
    }
}
