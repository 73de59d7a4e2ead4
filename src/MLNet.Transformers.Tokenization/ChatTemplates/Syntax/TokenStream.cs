using System.Runtime.CompilerServices;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>The tokens of a template, read one after the other.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private int _at;

    public int Position => _at;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Next()
    {
        // Expressions within each other are read by functions within each other.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Token token = tokens[_at];
        _at = Math.Min(_at + 1, tokens.Count - 1);
        return token;
    }

    public bool SkipName(string name) => SkipIf(Current.IsName(name));

    public bool SkipOperator(string sign) => SkipIf(Current.IsOperator(sign));

    public Token Expect(TokenKind kind, string expected) => Current.Kind == kind ? Next() : throw Unexpected(expected);

    public void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    /// <summary>Whether one of the tokens from a place up to here is that name.</summary>
    public bool HasName(int from, string name) => Enumerable.Range(from, _at - from).Any(at => tokens[at].IsName(name));

    public TemplateError Unexpected(string expected) => new($"unexpected {Current.Described}; expected {expected}", Current.Line);

    private bool SkipIf(bool matches)
    {
        if (matches)
        {
            Next();
        }
        return matches;
    }
}
